package org.modalimmune.cuda.library.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.BlasConstants;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.MathMode;
import org.modalimmune.cuda.library.MatrixOperand;
import org.modalimmune.cuda.library.NativeLibrary;
import org.modalimmune.cuda.library.Status;
import org.modalimmune.tensor.DType;

/** cuBLAS of any major version. */
public final class PanamaBlas implements BlasLibrary {
  private final MethodHandle setWorkspace;
  private final MethodHandle[] gemm = new MethodHandle[2];
  private final MethodHandle[] gemmBatched = new MethodHandle[2];
  private final MethodHandle dtrsm;
  private final MethodHandle gemmEx;
  private final MethodHandle gemmBatchedEx;
  private final MethodHandle destroy;
  private final Arena arena = Arena.ofShared();
  private final BlasConstants constants = new BlasConstants(arena);
  private final String device;
  private final MathMode mode;
  private final String version;
  private final long handle;

  /**
   * @param library cuBLAS
   * @param stream where it works
   * @param mode how float32 matrices are multiplied
   */
  public PanamaBlas(NativeLibrary library, Stream stream, MathMode mode) {
    this.device = stream.device().description();
    this.mode = mode;
    setWorkspace = library.function("cublasSetWorkspace_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    DType[] types = {DType.FLOAT32, DType.FLOAT64};
    for (int i = 0; i < types.length; i++) {
      gemm[i] = library.function(BlasConstants.gemm(types[i]) + "_v2", layouts("LIIIIILLILILLI"));
      gemmBatched[i] =
          library.function(BlasConstants.gemmBatched(types[i]), layouts("LIIIIILLILLILLLILI"));
    }
    dtrsm = library.function("cublasDtrsm_v2", layouts("LIIIIIILLILI"));
    gemmEx = library.function("cublasGemmEx", layouts("LIIIIILLIILIILLIIII"));
    gemmBatchedEx =
        library.function("cublasGemmStridedBatchedEx", layouts("LIIIIILLIILLIILLLIILIII"));
    destroy = library.function("cublasDestroy_v2", JAVA_LONG);
    MethodHandle create = library.function("cublasCreate_v2", JAVA_LONG);
    MethodHandle getVersion = library.function("cublasGetVersion_v2", JAVA_LONG, JAVA_LONG);
    MethodHandle setStream = library.function("cublasSetStream_v2", JAVA_LONG, JAVA_LONG);
    MethodHandle setMathMode = library.function("cublasSetMathMode", JAVA_LONG, JAVA_INT);
    MemorySegment out = arena.allocate(JAVA_LONG);
    int status = Call.status(create, out.address());
    handle = out.get(JAVA_LONG, 0);
    try {
      check("cublasCreate", status);
      check("cublasGetVersion", Call.status(getVersion, handle, out.address()));
      version = BlasConstants.version(out.get(JAVA_INT, 0));
      check("cublasSetStream", Call.status(setStream, handle, stream.address()));
      check("cublasSetMathMode", Call.status(setMathMode, handle, BlasConstants.mathMode(mode)));
    } catch (RuntimeException e) {
      if (status == 0) {
        Call.status(destroy, handle);
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
    try {
      check("cublasSetWorkspace", (int) setWorkspace.invokeExact(handle, address, bytes));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
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
    int transA = BlasConstants.operation(a);
    int transB = BlasConstants.operation(b);
    long alpha = constants.one(type);
    long beta = accumulate ? constants.one(type) : constants.zero();
    int t = type == DType.FLOAT32 ? 0 : 1;
    try {
      if (mode == MathMode.BF16 && type == DType.FLOAT32) {
        multiplyInBfloat16(m, n, k, a, b, beta, c, count);
      } else if (count == 1) {
        check(
            BlasConstants.gemm(type),
            (int)
                gemm[t].invokeExact(
                    handle,
                    transA,
                    transB,
                    m,
                    n,
                    k,
                    alpha,
                    a.address(),
                    a.leading(),
                    b.address(),
                    b.leading(),
                    beta,
                    c.address(),
                    c.leading()));
      } else {
        check(
            BlasConstants.gemmBatched(type),
            (int)
                gemmBatched[t].invokeExact(
                    handle,
                    transA,
                    transB,
                    m,
                    n,
                    k,
                    alpha,
                    a.address(),
                    a.leading(),
                    a.stride(),
                    b.address(),
                    b.leading(),
                    b.stride(),
                    beta,
                    c.address(),
                    c.leading(),
                    c.stride(),
                    count));
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public void solveFromRight(int m, int n, boolean upper, MatrixOperand a, MatrixOperand b) {
    try {
      check(
          "cublasDtrsm",
          (int)
              dtrsm.invokeExact(
                  handle,
                  BlasConstants.SIDE_RIGHT,
                  BlasConstants.triangle(upper),
                  BlasConstants.operation(a),
                  BlasConstants.DIAGONAL_GIVEN,
                  m,
                  n,
                  constants.one(DType.FLOAT64),
                  a.address(),
                  a.leading(),
                  b.address(),
                  b.leading()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public void close() {
    try {
      check("cublasDestroy", (int) destroy.invokeExact(handle));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    } finally {
      arena.close();
    }
  }

  private void multiplyInBfloat16(
      int m, int n, int k, MatrixOperand a, MatrixOperand b, long beta, MatrixOperand c, int count)
      throws Throwable {
    int transA = BlasConstants.operation(a);
    int transB = BlasConstants.operation(b);
    long alpha = constants.one(DType.FLOAT32);
    if (count == 1) {
      check(
          "cublasGemmEx",
          (int)
              gemmEx.invokeExact(
                  handle,
                  transA,
                  transB,
                  m,
                  n,
                  k,
                  alpha,
                  a.address(),
                  BlasConstants.REAL_FLOAT32,
                  a.leading(),
                  b.address(),
                  BlasConstants.REAL_FLOAT32,
                  b.leading(),
                  beta,
                  c.address(),
                  BlasConstants.REAL_FLOAT32,
                  c.leading(),
                  BlasConstants.COMPUTE_FAST_BF16,
                  BlasConstants.DEFAULT_ALGORITHM));
    } else {
      check(
          "cublasGemmStridedBatchedEx",
          (int)
              gemmBatchedEx.invokeExact(
                  handle,
                  transA,
                  transB,
                  m,
                  n,
                  k,
                  alpha,
                  a.address(),
                  BlasConstants.REAL_FLOAT32,
                  a.leading(),
                  a.stride(),
                  b.address(),
                  BlasConstants.REAL_FLOAT32,
                  b.leading(),
                  b.stride(),
                  beta,
                  c.address(),
                  BlasConstants.REAL_FLOAT32,
                  c.leading(),
                  c.stride(),
                  count,
                  BlasConstants.COMPUTE_FAST_BF16,
                  BlasConstants.DEFAULT_ALGORITHM));
    }
  }

  private void check(String call, int status) {
    Status.CUBLAS.check(call, status, device);
  }

  /** Layouts from letters: L for a pointer, a handle or a {@code long long}, I for an int. */
  private static MemoryLayout[] layouts(String letters) {
    return letters
        .chars()
        .mapToObj(c -> c == 'L' ? JAVA_LONG : JAVA_INT)
        .toArray(MemoryLayout[]::new);
  }
}
