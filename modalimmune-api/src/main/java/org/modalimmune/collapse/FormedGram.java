package org.modalimmune.collapse;

import java.util.Arrays;
import org.modalimmune.backend.Backend;
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

  private static final int LARGEST = 1024;

  /** Order over the number of products with A that cost as much as forming M; measured. */
  private static final double FORMING = 7;

  /** The same at which M is formed when nothing was known of the number to come. */
  private static final long LATE = 4;

  /** Order up to which M is decomposed rather than iterated with. */
  private static final int SMALL = 96;

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
      double[] part = backend.ops(scope).matmul(left, panel.slice(1, 0, to)).toDoubleArray();
      for (int i = from; i < to; i++) {
        int at = (i - from) * to;
        for (int j = 0; j <= i; j++) {
          elements[i][j] += part[at + j];
        }
      }
    }
  }

  /**
   * Whether forming M and working with it costs less than products with A. Forming takes 2 B d n
   * flops, of which the strips leave about 5/8, at three to four times the rate of a product with A
   * of 4 B d flops: as much as {@code n / FORMING} products. A product with M takes 2 n^2 flops.
   */
  static boolean isCheaper(long rows, long columns, int products) {
    double n = Math.min(rows, columns);
    double size = (double) rows * columns;
    return n <= LARGEST && n / FORMING + products * n * n / (2 * size) < products;
  }

  /**
   * Number of products with A after which M is formed; without end if M is too large. Somewhat more
   * than forming costs, since most spectra are done by then.
   */
  static long worth(long rows, long columns) {
    long n = Math.min(rows, columns);
    return n <= LARGEST ? n / LATE : Long.MAX_VALUE;
  }

  /** Whether M is decomposed as a whole, which then costs less than an iteration. */
  boolean isSmall() {
    return n <= SMALL;
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
