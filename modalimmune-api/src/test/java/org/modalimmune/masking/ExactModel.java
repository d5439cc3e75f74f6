package org.modalimmune.masking;

import java.math.BigDecimal;

/** q(t) = t a + t^2 b / 2 without rounding: every double is a finite decimal. */
record ExactModel(BigDecimal slope, BigDecimal curvature) {
  static ExactModel of(double slope, double curvature) {
    return new ExactModel(new BigDecimal(slope), new BigDecimal(curvature));
  }

  /** Along s = -length d, with p = H d. */
  static ExactModel alongDescent(double[] gradient, double[] d, double[] p, double length) {
    BigDecimal size = new BigDecimal(length);
    return new ExactModel(
        inner(gradient, d).multiply(size).negate(), inner(d, p).multiply(size).multiply(size));
  }

  static BigDecimal inner(double[] x, double[] y) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      sum = sum.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
    }
    return sum;
  }

  /** Whether q(t) <= budget. */
  boolean keepsTo(double budget, double t) {
    BigDecimal time = new BigDecimal(t);
    BigDecimal twice = time.multiply(slope.add(slope).add(time.multiply(curvature)));
    return twice.compareTo(new BigDecimal(budget).multiply(BigDecimal.TWO)) <= 0;
  }
}
