package org.modalimmune.cuda.library.jcuda;

import java.lang.foreign.Arena;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.BlasConstants;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.MathMode;
import org.modalimmune.cuda.library.MatrixOperand;
import org.modalimmune.cuda.library.Status;
import org.modalimmune.tensor.DType;

/** cuBLAS of CUDA 12. */
public final class JCudaBlas implements BlasLibrary {
  private final cublasHandle handle = new cublasHandle();
  private final Arena arena = Arena.ofShared();
  private final BlasConstants constants = new BlasConstants(arena);
  private final String device;
  private final MathMode mode;
  private final String version;

  /**
   * Loads the binding.
   *
   * @param stream where it works
   * @param mode how float32 matrices are multiplied
   */
  public JCudaBlas(Stream stream, MathMode mode) {
    this.device = stream.device().description();
    this.mode = mode;
    boolean created = false;
    try {
      check("cublasCreate", JCublas2.cublasCreate(handle));
      created = true;
      int[] number = new int[1];
      check("cublasGetVersion", JCublas2.cublasGetVersion(handle, number));
      version = BlasConstants.version(number[0]);
      check("cublasSetStream", JCublas2.cublasSetStream(handle, stream.runtimeHandle()));
      check("cublasSetMathMode", JCublas2.cublasSetMathMode(handle, BlasConstants.mathMode(mode)));
    } catch (RuntimeException | LinkageError e) {
      if (created) {
        JCublas2.cublasDestroy(handle);
      }
      arena.close();
      throw e;
    }
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public void setWorkspace(long address, long bytes) {
    check(
        "cublasSetWorkspace", JCublas2.cublasSetWorkspace(handle, new RawPointer(address), bytes));
  }

  @Override
  public void multiply(
      DType type,
      int m,
      int n,
      int k,
      MatrixOperand a,
      MatrixOperand b,
      boolean accumulate,
      MatrixOperand c,
      int count) {
    Pointer beta = new RawPointer(accumulate ? constants.one(type) : constants.zero());
    if (mode == MathMode.BF16 && type == DType.FLOAT32) {
      multiplyInBfloat16(m, n, k, a, b, beta, c, count);
    } else if (count == 1) {
      multiplyOne(type, m, n, k, a, b, beta, c);
    } else {
      multiplyBatch(type, m, n, k, a, b, beta, c, count);
    }
  }

  @Override
  public void solveFromRight(int m, int n, boolean upper, MatrixOperand a, MatrixOperand b) {
    check(
        "cublasDtrsm",
        JCublas2.cublasDtrsm(
            handle,
            BlasConstants.SIDE_RIGHT,
            BlasConstants.triangle(upper),
            BlasConstants.operation(a),
            BlasConstants.DIAGONAL_GIVEN,
            m,
            n,
            new RawPointer(constants.one(DType.FLOAT64)),
            new RawPointer(a.address()),
            a.leading(),
            new RawPointer(b.address()),
            b.leading()));
  }

  @Override
  public void close() {
    try {
      check("cublasDestroy", JCublas2.cublasDestroy(handle));
    } finally {
      arena.close();
    }
  }

  private void multiplyOne(
      DType type,
      int m,
      int n,
      int k,
      MatrixOperand a,
      MatrixOperand b,
      Pointer beta,
      MatrixOperand c) {
    int transA = BlasConstants.operation(a);
    int transB = BlasConstants.operation(b);
    Pointer alpha = new RawPointer(constants.one(type));
    Pointer pa = new RawPointer(a.address());
    Pointer pb = new RawPointer(b.address());
    Pointer pc = new RawPointer(c.address());
    check(
        BlasConstants.gemm(type),
        type == DType.FLOAT32
            ? JCublas2.cublasSgemm(
                handle,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                pa,
                a.leading(),
                pb,
                b.leading(),
                beta,
                pc,
                c.leading())
            : JCublas2.cublasDgemm(
                handle,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                pa,
                a.leading(),
                pb,
                b.leading(),
                beta,
                pc,
                c.leading()));
  }

  private void multiplyBatch(
      DType type,
      int m,
      int n,
      int k,
      MatrixOperand a,
      MatrixOperand b,
      Pointer beta,
      MatrixOperand c,
      int count) {
    int transA = BlasConstants.operation(a);
    int transB = BlasConstants.operation(b);
    Pointer alpha = new RawPointer(constants.one(type));
    Pointer pa = new RawPointer(a.address());
    Pointer pb = new RawPointer(b.address());
    Pointer pc = new RawPointer(c.address());
    check(
        BlasConstants.gemmBatched(type),
        type == DType.FLOAT32
            ? JCublas2.cublasSgemmStridedBatched(
                handle,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                pa,
                a.leading(),
                a.stride(),
                pb,
                b.leading(),
                b.stride(),
                beta,
                pc,
                c.leading(),
                c.stride(),
                count)
            : JCublas2.cublasDgemmStridedBatched(
                handle,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                pa,
                a.leading(),
                a.stride(),
                pb,
                b.leading(),
                b.stride(),
                beta,
                pc,
                c.leading(),
                c.stride(),
                count));
  }

  private void multiplyInBfloat16(
      int m,
      int n,
      int k,
      MatrixOperand a,
      MatrixOperand b,
      Pointer beta,
      MatrixOperand c,
      int count) {
    int transA = BlasConstants.operation(a);
    int transB = BlasConstants.operation(b);
    Pointer alpha = new RawPointer(constants.one(DType.FLOAT32));
    Pointer pa = new RawPointer(a.address());
    Pointer pb = new RawPointer(b.address());
    Pointer pc = new RawPointer(c.address());
    int real = BlasConstants.REAL_FLOAT32;
    int compute = BlasConstants.COMPUTE_FAST_BF16;
    int algorithm = BlasConstants.DEFAULT_ALGORITHM;
    if (count == 1) {
      check(
          "cublasGemmEx",
          JCublas2.cublasGemmEx_new(
              handle,
              transA,
              transB,
              m,
              n,
              k,
              alpha,
              pa,
              real,
              a.leading(),
              pb,
              real,
              b.leading(),
              beta,
              pc,
              real,
              c.leading(),
              compute,
              algorithm));
    } else {
      check(
          "cublasGemmStridedBatchedEx",
          JCublas2.cublasGemmStridedBatchedEx_new(
              handle,
              transA,
              transB,
              m,
              n,
              k,
              alpha,
              pa,
              real,
              a.leading(),
              a.stride(),
              pb,
              real,
              b.leading(),
              b.stride(),
              beta,
              pc,
              real,
              c.leading(),
              c.stride(),
              count,
              compute,
              algorithm));
    }
  }

  private void check(String call, int status) {
    Status.CUBLAS.check(call, status, device);
  }
}
