package org.modalimmune.collapse;

import java.util.Arrays;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/** A Gram matrix formed once and kept on the host in float64. */
final class FormedGram implements GramOperator {
  /**
   * Length of the inner products that the backend accumulates in the type of A; longer ones are
   * added up in float64, so that a tall float32 batch keeps its digits.
   */
  private static final long PANEL = 4096;

  private final int n;
  private final double[][] elements;

  FormedGram(Backend backend, Tensor a) {
    Tensor tall = a.shape().dim(0) < a.shape().dim(1) ? a.transpose(0, 1) : a;
    long length = tall.shape().dim(0);
    n = Math.toIntExact(tall.shape().dim(1));
    elements = new double[n][n];
    for (long from = 0; from < length; from += PANEL) {
      try (Scope scope = backend.newScope()) {
        Ops ops = backend.ops(scope);
        Tensor panel = tall.slice(0, from, Math.min(length, from + PANEL));
        double[] part = ops.matmul(panel.transpose(0, 1), panel).toDoubleArray();
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            elements[i][j] += part[i * n + j];
          }
        }
      }
    }
  }

  /**
   * Whether forming M and multiplying by it costs less than products with A: 2 B d n flops of one
   * matrix product and 2 n^2 per product, against 4 B d per product. A flop of a product with one
   * vector counts for {@code MEMORY_BOUND} of a matrix product's, since each element read serves
   * but one.
   */
  static boolean isCheaper(long rows, long columns, int products) {
    double n = Math.min(rows, columns);
    double size = (double) rows * columns;
    double formed = 2 * size * n + 2.0 * MEMORY_BOUND * products * n * n;
    return n <= LARGEST && formed < 4.0 * MEMORY_BOUND * products * size;
  }

  /** Number of products with A that cost as much as forming M; without end if M is too large. */
  static long worth(long rows, long columns) {
    long n = Math.min(rows, columns);
    return n <= LARGEST ? n / (2 * MEMORY_BOUND) : Long.MAX_VALUE;
  }

  private static final int MEMORY_BOUND = 4;
  private static final int LARGEST = 1024;

  @Override
  public int size() {
    return n;
  }

  @Override
  public double unitRoundoff() {
    return DType.FLOAT64.unitRoundoff();
  }

  @Override
  public void apply(double[][] vectors, int from, int to, double[][] products) {
    for (int v = from; v < to; v++) {
      Arrays.fill(products[v], 0);
      // M is symmetric: its rows are its columns
      HostVectors.combine(elements, 0, n, vectors[v], 1, products[v]);
    }
  }
}
