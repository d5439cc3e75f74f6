package org.modalimmune.masking;

/**
 * The t in [0, 1) with t a + t^2 b / 2 = c, given a + b / 2 > c >= 0: the smaller one where b < 0.
 * Every number keeps its exponent apart, so that nothing overflows or vanishes on the way, and no
 * sum cancels; the relative error is at most 8 u.
 */
final class BudgetRoot {
  private BudgetRoot() {}

  static double of(ScaledBound slope, ScaledBound curvature, double budget) {
    if (slope.value() > 0) {
      return curvature.value() < 0
          ? concave(slope, curvature, budget)
          : rising(slope, curvature, budget);
    }
    return falling(slope, curvature, budget);
  }

  /** a > 0, b < 0: then b > -2 a, and a^2 + 2 b c > 0 since the maximum of q lies above c. */
  private static double concave(ScaledBound slope, ScaledBound curvature, double budget) {
    int power = slope.magnitude();
    double a = slope.over(power);
    double b = 2 * curvature.over(power);
    double c = Math.scalb(budget, -power);
    double product = b * c;
    double discriminant = Math.fma(a, a, product) + Math.fma(b, c, -product);
    return quotient(budget, 1, a + Math.sqrt(discriminant), power);
  }

  /** a > 0, b >= 0. */
  private static double rising(ScaledBound slope, ScaledBound curvature, double budget) {
    ScaledBound radical = radical(curvature, budget);
    int power = Math.max(slope.magnitude(), radical.magnitude());
    double a = slope.over(power);
    double radius = StrictMath.hypot(a, radical.over(power));
    return quotient(budget, 1, a + radius, power);
  }

  /** a <= 0: then b > 0. */
  private static double falling(ScaledBound slope, ScaledBound curvature, double budget) {
    ScaledBound radical = radical(curvature, budget);
    int power = Math.max(slope.magnitude(), radical.magnitude());
    if (slope.value() == 0 && radical.value() == 0) {
      return 0;
    }
    double a = slope.over(power);
    double radius = StrictMath.hypot(a, radical.over(power));
    int e = curvature.magnitude();
    return Math.scalb((radius - a) / curvature.over(e), power - e);
  }

  /** sqrt(2 b c). */
  private static ScaledBound radical(ScaledBound curvature, double budget) {
    if (curvature.value() == 0 || budget == 0) {
      return ScaledBound.ZERO;
    }
    int e = curvature.magnitude();
    int f = ScaledBound.exponent(budget);
    double product = curvature.over(e) * Math.scalb(budget, -f);
    int power = e + f + 1;
    // an even power has a whole root
    int odd = Math.floorMod(power, 2);
    return new ScaledBound(Math.sqrt(product * (1 << odd)), (power - odd) / 2);
  }

  /** x 2^shift / (divisor 2^power). */
  private static double quotient(double x, int shift, double divisor, int power) {
    if (x == 0) {
      return 0;
    }
    int e = ScaledBound.exponent(x);
    return Math.scalb(Math.scalb(x, -e) / divisor, e + shift - power);
  }
}
