package org.modalimmune.jmh.peer;

import org.modalimmune.jmh.setup.DisagreementException;
import org.modalimmune.jmh.setup.Draws;

/**
 * Checks a product exactly without computing it: C x = A (B x) for a random integer vector x, in
 * integers. A wrong row passes with a probability below 2^-20 (Freivalds, "Probabilistic machines
 * can use less running time", IFIP Congress 1977).
 */
final class ExactProduct {
  private static final int RANGE = 1 << 20;

  private ExactProduct() {}

  /**
   * Checks C, row-major.
   *
   * @throws DisagreementException if a row of C is wrong
   */
  static void check(String rival, Product p, double[] c) {
    if (c.length != p.m() * p.n()) {
      throw new DisagreementException(rival + ": product of the wrong size " + c.length);
    }
    long[] x = new long[p.n()];
    double[] drawn = new Draws(2).integers(p.n(), RANGE);
    for (int j = 0; j < x.length; j++) {
      x[j] = (long) drawn[j];
    }
    long[] inner = times(p.b(), p.transposedB(), p.k(), p.n(), x);
    long[] expected = times(p.a(), p.transposedA(), p.m(), p.k(), inner);
    for (int i = 0; i < p.m(); i++) {
      long sum = 0;
      for (int j = 0; j < p.n(); j++) {
        double value = c[i * p.n() + j];
        if (value != Math.rint(value) || Math.abs(value) > 1L << 24) {
          throw new DisagreementException(
              rival + ": element (" + i + ", " + j + ") of a product of integers is " + value);
        }
        sum += ((long) value) * x[j];
      }
      if (sum != expected[i]) {
        throw new DisagreementException(rival + ": row " + i + " of the product is wrong");
      }
    }
  }

  private static long[] times(
      double[] matrix, boolean transposed, int rows, int columns, long[] x) {
    long[] y = new long[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[i] += ((long) matrix[transposed ? j * rows + i : i * columns + j]) * x[j];
      }
    }
    return y;
  }
}
