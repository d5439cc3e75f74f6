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

  /** Rows of the lower triangle that one matrix product makes. */
  private static final int STRIP = 64;

  private static final int LEAST_STRIP = 16;

  private final int n;
  private final double[][] elements;

  FormedGram(Backend backend, Tensor a) {
    Tensor tall = a.shape().dim(0) < a.shape().dim(1) ? a.transpose(0, 1) : a;
    long length = tall.shape().dim(0);
    n = Math.toIntExact(tall.shape().dim(1));
    elements = new double[n][n];
    int strip = Math.clamp((n + 1) / 2, LEAST_STRIP, STRIP);
    for (long from = 0; from < length; from += PANEL) {
      Tensor panel = tall.slice(0, from, Math.min(length, from + PANEL));
      for (int i = 0; i < n; i += strip) {
        addRows(backend, panel, i, Math.min(n, i + strip));
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        elements[j][i] = elements[i][j];
      }
    }
  }

  /** Adds a panel's part to some rows of the lower triangle. */
  private void addRows(Backend backend, Tensor panel, int from, int to) {
    try (Scope scope = backend.newScope()) {
      Tensor left = panel.slice(1, from, to).transpose(0, 1);
      Ops ops = backend.ops(scope);
      Tensor product = ops.matmul(left, panel.slice(1, 0, to));
      double[] part = ops.cast(product, DType.FLOAT64).toDoubleArray();
      for (int i = from; i < to; i++) {
        int at = (i - from) * to;
        for (int j = 0; j <= i; j++) {
          elements[i][j] += part[at + j];
        }
      }
    }
  }

  /**
   * The leading pair from a decomposition of M: needs no start, and its time does not depend on the
   * spectrum.
   *
   * @param tolerance largest residual |M v - l v| relative to l
   */
  TopEigenpair leading(double tolerance) {
    int pairs = Math.min(2, n);
    SmallEigen eigen = new SmallEigen(n);
    eigen.decompose(elements, n, pairs);
    double l = eigen.value(0);
    double[] v = eigen.vector(0);
    double[][] image = new double[1][n];
    apply(new double[][] {v}, 0, 1, image);
    HostVectors.axpy(-l, v, image[0]);
    double residual = HostVectors.norm(image[0]);
    double second = pairs == 1 ? 0 : Math.max(0, eigen.value(1));
    return new TopEigenpair(l, v.clone(), second, residual, 1, residual <= tolerance * l);
  }

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
