package org.modalimmune.cuda.library;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.modalimmune.tensor.DType;

/** Numbers of cuBLAS's headers (cublas_api.h, library_types.h), and scalars that it reads. */
public final class BlasConstants {
  /** CUBLAS_SIDE_RIGHT. */
  public static final int SIDE_RIGHT = 1;

  /** CUBLAS_DIAG_NON_UNIT. */
  public static final int DIAGONAL_GIVEN = 0;

  /** CUDA_R_32F. */
  public static final int REAL_FLOAT32 = 0;

  /** CUBLAS_COMPUTE_32F_FAST_16BF. */
  public static final int COMPUTE_FAST_BF16 = 75;

  /** CUBLAS_GEMM_DEFAULT. */
  public static final int DEFAULT_ALGORITHM = -1;

  private final MemorySegment scalars;

  /**
   * @param arena owner of the scalars
   */
  public BlasConstants(Arena arena) {
    scalars = arena.allocate(24, 8);
    scalars.set(ValueLayout.JAVA_FLOAT, 0, 1f);
    scalars.set(ValueLayout.JAVA_DOUBLE, 8, 1d);
  }

  /** Address of a one of that type. */
  public long one(DType type) {
    return scalars.address() + (type == DType.FLOAT32 ? 0 : 8);
  }

  /** Address of a zero of either type. */
  public long zero() {
    return scalars.address() + 16;
  }

  /** Name of the product of two matrices of that type. */
  public static String gemm(DType type) {
    return type == DType.FLOAT32 ? "cublasSgemm" : "cublasDgemm";
  }

  /** Name of the products of a batch of matrices of that type. */
  public static String gemmBatched(DType type) {
    return type == DType.FLOAT32 ? "cublasSgemmStridedBatched" : "cublasDgemmStridedBatched";
  }

  /** CUBLAS_OP_T or CUBLAS_OP_N. */
  public static int operation(MatrixOperand operand) {
    return operand.transposed() ? 1 : 0;
  }

  /** CUBLAS_FILL_MODE_UPPER or CUBLAS_FILL_MODE_LOWER. */
  public static int triangle(boolean upper) {
    return upper ? 1 : 0;
  }

  /** CUBLAS_TF32_TENSOR_OP_MATH, or CUBLAS_DEFAULT_MATH, which keeps float32 as it is. */
  public static int mathMode(MathMode mode) {
    return mode == MathMode.TF32 ? 3 : 0;
  }

  /** Major and minor version in cuBLAS's number for both. */
  public static String version(int number) {
    return number / 10_000 + "." + number / 100 % 100;
  }
}
