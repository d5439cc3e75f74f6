package org.modalimmune.cuda.kernel;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.DecompositionKernels;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.MatrixOperand;
import org.modalimmune.cuda.library.SolverLibrary;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Decompositions by cuSOLVER and triangular solves by cuBLAS, in float64 and rounded once, as the
 * other backends do. Nothing is written if one fails. Each waits for the device, since the caller
 * is to hear of failures.
 */
public final class CudaDecomposition implements DecompositionKernels {
  private static final String SOURCE = "decomposition.cu";
  private static final int BLOCK = 128;
  private static final int EXPONENT_BIAS = 1023;

  private final Launcher launcher;
  private final DeviceAllocator allocator;
  private final ElementwiseKernels elementwise;
  private final BlasLibrary blas;
  private final SolverLibrary solver;
  private final Stream stream;

  /**
   * @param launcher starts kernels
   * @param allocator the stream's memory
   * @param elementwise copies
   * @param blas cuBLAS on the same stream
   * @param solver cuSOLVER on the same stream
   */
  public CudaDecomposition(
      Launcher launcher,
      DeviceAllocator allocator,
      ElementwiseKernels elementwise,
      BlasLibrary blas,
      SolverLibrary solver) {
    this.launcher = launcher;
    this.allocator = allocator;
    this.elementwise = elementwise;
    this.blas = blas;
    this.solver = solver;
    this.stream = launcher.stream();
  }

  @Override
  public void symmetricEigen(Tensor a, Tensor values, Tensor vectors) {
    int n = order("symmetricEigen", a);
    if (n == 0) {
      return;
    }
    // The power of two next to the largest element: dividing by it is exact and avoids overflow.
    int exponent = largestExponent(a, n) - EXPONENT_BIAS;
    try (DeviceStorage rows = matrix(n);
        DeviceStorage ascending = allocator.allocate((long) n * Double.BYTES);
        DeviceStorage information = launcher.upload(0, 0)) {
      load(a, n, Math.scalb(1.0, -exponent), rows);
      synchronized (stream) {
        stream.settle();
        int size = solver.eigenWorkspace(n, rows.address(), ascending.address());
        try (DeviceStorage work = allocator.allocate((long) size * Double.BYTES)) {
          solver.eigen(
              n, rows.address(), ascending.address(), work.address(), size, information.address());
        }
      }
      if (read(information)[0] != 0) {
        throw new ArithmeticException("symmetricEigen: the iteration did not converge, n = " + n);
      }
      launcher.launch(
          kernel("store_eigen", a.dtype()),
          Math.min(n, 8 * launcher.multiprocessors()),
          BLOCK,
          0,
          layout(
              launcher
                  .arguments()
                  .address(rows, 0)
                  .address(ascending, 0)
                  .of(n)
                  .of(Math.scalb(1.0, exponent))
                  .address(values)
                  .of(values.stride(0))
                  .address(vectors),
              vectors));
    }
  }

  @Override
  public void cholesky(Tensor a, Tensor lower) {
    int n = order("cholesky", a);
    if (n == 0) {
      return;
    }
    try (DeviceStorage dense = matrix(n);
        DeviceStorage found = launcher.upload(0, n)) {
      load(a, n, 1, dense);
      synchronized (stream) {
        stream.settle();
        int size = solver.choleskyWorkspace(n, dense.address());
        try (DeviceStorage work = allocator.allocate((long) size * Double.BYTES)) {
          solver.cholesky(n, dense.address(), work.address(), size, found.address());
        }
      }
      check("check_pivots", dense, n, found);
      int[] result = read(found);
      // What lies behind a pivot that failed was not computed.
      int pivot = result[0] > 0 ? Math.min(result[0] - 1, result[1]) : result[1];
      if (pivot < n) {
        throw new ArithmeticException(
            "cholesky: pivot "
                + pivot
                + " is not positive and finite; add a multiple of the identity?");
      }
      launcher.launch(
          kernel("store_lower", a.dtype()),
          grid((long) n * n),
          BLOCK,
          0,
          layout(launcher.arguments().address(dense, 0).of(n).address(lower), lower));
    }
  }

  @Override
  public void solveTriangular(Tensor lower, boolean transposed, Tensor b, Tensor x) {
    int n = order("solveTriangular", lower);
    int columns = size("solveTriangular", b.shape().dim(1));
    if (n == 0) {
      return;
    }
    try (Scope scope = new Scope(allocator);
        DeviceStorage dense = matrix(n);
        DeviceStorage found = launcher.upload(0, n)) {
      load(lower, n, 1, dense);
      check("check_diagonal", dense, n, found);
      int zero = read(found)[1];
      if (zero < n) {
        throw new ArithmeticException("solveTriangular: diagonal element " + zero + " is 0");
      }
      if (columns == 0) {
        return;
      }
      Tensor work = scope.allocate(DType.FLOAT64, b.shape());
      elementwise.copy(b, work);
      synchronized (stream) {
        stream.settle();
        // L X = B is X' L' = B', and what cuBLAS sees of row-major L is the upper triangle L'.
        blas.solveFromRight(
            columns,
            n,
            true,
            new MatrixOperand(dense.address(), n, 0, transposed),
            new MatrixOperand(DeviceStorage.addressOf(work), columns, 0, false));
      }
      elementwise.copy(work, x);
    }
  }

  private int largestExponent(Tensor a, int n) {
    try (DeviceStorage found = launcher.upload(n, 0)) {
      launcher.launch(
          kernel("examine", a.dtype()),
          grid((long) n * n),
          BLOCK,
          0,
          layout(launcher.arguments().address(a), a)
              .of(n)
              .address(found, 0)
              .address(found, Integer.BYTES));
      int[] result = read(found);
      if (result[0] < n) {
        throw new ArithmeticException(
            "symmetricEigen: row " + result[0] + " has an element that is not finite");
      }
      return result[1];
    }
  }

  private void load(Tensor a, int n, double factor, DeviceStorage dense) {
    launcher.launch(
        kernel("load_lower", a.dtype()),
        grid((long) n * n),
        BLOCK,
        0,
        layout(launcher.arguments().address(a), a).of(n).of(factor).address(dense, 0));
  }

  /** Looks at the diagonal; what is found goes to the second word. */
  private void check(String entry, DeviceStorage dense, int n, DeviceStorage found) {
    launcher.launch(
        kernel(entry, DType.FLOAT64),
        grid(n),
        BLOCK,
        0,
        launcher.arguments().address(dense, 0).of(n).address(found, Integer.BYTES));
  }

  private static LaunchArguments layout(LaunchArguments arguments, Tensor t) {
    return arguments.of(t.stride(0)).of(t.stride(1));
  }

  private DeviceKernel kernel(String entry, DType type) {
    return launcher.kernel(SOURCE, entry, type);
  }

  private DeviceStorage matrix(int n) {
    return allocator.allocate((long) n * n * Double.BYTES);
  }

  private int grid(long elements) {
    return (int) Math.min((elements + BLOCK - 1) / BLOCK, 8L * launcher.multiprocessors());
  }

  private static int[] read(DeviceStorage words) {
    int[] values = new int[2];
    words.read(0, MemorySegment.ofArray(values));
    return values;
  }

  private static int order(String operation, Tensor a) {
    return size(operation, a.shape().dim(0));
  }

  private static int size(String operation, long size) {
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          operation + ": size " + size + "; the libraries take at most 2^31 - 1");
    }
    return (int) size;
  }
}
