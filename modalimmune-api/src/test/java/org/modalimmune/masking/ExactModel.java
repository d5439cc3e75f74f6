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

  /**
   * How far below the root t* of q(t*) = budget a t can lie if a and b were taken with an error
   * each: q is then wrong by at most e = error (t + t^2 / 2), and q(t*) - q(t) = q'(t*) (t* - t) -
   * b (t* - t)^2 / 2 with q'(t*) = sqrt(a^2 + 2 b budget) is at least half of its first term and,
   * where b is negative, all of its second, which alone is left if q only touches the budget.
   */
  double room(double budget, double t, double error) {
    double b = curvature.doubleValue();
    double wrong = error * t * (1 + t / 2);
    BigDecimal twice = curvature.multiply(new BigDecimal(2 * budget));
    double rise = Math.sqrt(Math.max(0, slope.multiply(slope).add(twice).doubleValue()));
    double crossing = rise == 0 ? Double.POSITIVE_INFINITY : 2 * wrong / rise;
    return b < 0 ? Math.min(crossing, Math.sqrt(2 * wrong / -b)) : crossing;
  }
}
