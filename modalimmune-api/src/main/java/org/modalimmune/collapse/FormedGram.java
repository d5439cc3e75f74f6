package org.modalimmune.collapse;

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
  public double[][] apply(double[]... vectors) {
    double[][] result = new double[vectors.length][n];
    for (int v = 0; v < vectors.length; v++) {
      for (int i = 0; i < n; i++) {
        result[v][i] = HostVectors.dot(elements[i], vectors[v]);
      }
    }
    return result;
  }
}
