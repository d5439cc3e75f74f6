package org.modalimmune.cpu;

import java.util.Locale;
import java.util.Map;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A program that prints, for each element type, how many times faster the backend multiplies two
 * matrices than three plain loops do. Argument: the vector width in bits.
 */
final class TileSpeed {
  private static final int SIZE = 128;

  /** Past the thresholds of the second compiler, for the tiles and for the plain loops. */
  private static final int WARM_UP = 150;

  private static final int TIMED = 20;

  private TileSpeed() {}

  public static void main(String[] arguments) {
    BackendOptions options = new BackendOptions(1, Map.of("vector-bits", arguments[0]));
    try (Backend backend = Backends.open("cpu", options);
        Scope scope = backend.newScope()) {
      for (DType dtype : DType.values()) {
        System.out.printf(Locale.ROOT, "%s %.2f%n", dtype, ratio(backend, scope, dtype));
      }
    }
  }

  /** Quotient of the least times, taken in turns: a busy machine slows both down. */
  private static double ratio(Backend backend, Scope scope, DType dtype) {
    double[] a = new double[SIZE * SIZE];
    for (int i = 0; i < a.length; i++) {
      a[i] = i % 7 - 3;
    }
    Tensor x = scope.of(dtype, Shape.of(SIZE, SIZE), a);
    Tensor y = scope.allocate(dtype, x.shape());
    double[] c = new double[a.length];
    MatrixKernels kernels = backend.kernels().matrix();
    long kernel = Long.MAX_VALUE;
    long plain = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UP + TIMED; i++) {
      long start = System.nanoTime();
      kernels.matmul(x, x, y);
      long between = System.nanoTime();
      loops(a, c);
      long end = System.nanoTime();
      if (i >= WARM_UP) {
        kernel = Math.min(kernel, between - start);
        plain = Math.min(plain, end - between);
      }
    }
    if (y.slice(0, 5, 6).slice(1, 3, 4).item() != c[5 * SIZE + 3]) {
      throw new IllegalStateException("the two products differ");
    }
    return (double) plain / kernel;
  }

  /** An inner product for each element; its sum keeps its order, so nothing is vectorised. */
  private static void loops(double[] a, double[] c) {
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        double sum = 0;
        for (int k = 0; k < SIZE; k++) {
          sum += a[i * SIZE + k] * a[k * SIZE + j];
        }
        c[i * SIZE + j] = sum;
      }
    }
  }
}
