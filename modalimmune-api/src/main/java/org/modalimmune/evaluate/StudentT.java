package org.modalimmune.evaluate;

/**
 * Student's t distribution with {@code df} degrees of freedom: tail probabilities and quantiles.
 *
 * <p>With x = df/(df + t^2), the two-sided tail is the regularised incomplete beta function I_x(a,
 * 1/2), a = df/2 (Abramowitz and Stegun 26.7.1), evaluated by its continued fraction (DLMF 8.17.22)
 * with Lentz's method; 1/B(a, 1/2) comes from the ratio of gamma functions (DLMF 5.11.13), so that
 * no logarithms of large gamma values cancel. Relative error about 1e-12.
 */
public final class StudentT {

  private static final double MIN_TAIL = 1e-100;
  private static final double SMALLEST = 1e-300;

  /** Where the asymptotic series for the gamma ratio is exact to double precision. */
  private static final double SERIES_FROM = 64;

  private StudentT() {}

  /**
   * P(|T| >= |t|).
   *
   * @param t any finite value or infinity
   * @param df degrees of freedom, at least 1
   * @return 0 to 1
   * @throws IllegalArgumentException if t is NaN or df is below 1 or not finite
   */
  public static double twoSidedTail(double t, double df) {
    requireDf(df);
    if (Double.isNaN(t)) {
      throw new IllegalArgumentException("Student t: t is NaN");
    }
    double size = Math.abs(t);
    if (size == 0) {
      return 1;
    }
    if (Double.isInfinite(size)) {
      return 0;
    }
    double a = df / 2;
    double ratio = size / Math.sqrt(df);
    double x;
    double y;
    if (ratio > 1) {
      double inverse = 1 / (ratio * ratio);
      x = inverse / (1 + inverse);
      y = 1 / (1 + inverse);
    } else {
      x = 1 / (1 + ratio * ratio);
      y = ratio * ratio / (1 + ratio * ratio);
    }
    double logX = x < 0.5 ? Math.log(x) : Math.log1p(-y);
    double front = Math.exp(a * logX) * Math.sqrt(y) * gammaRatio(a) / Math.sqrt(Math.PI);
    // The fraction converges fast on this side of the mean; the other side is its complement.
    if (x < (a + 1) / (a + 2.5)) {
      return Math.min(1, front / a * betaFraction(a, 0.5, x));
    }
    return Math.max(0, 1 - front / 0.5 * betaFraction(0.5, a, y));
  }

  /**
   * P(T <= t).
   *
   * @param t any finite value or infinity
   * @param df degrees of freedom, at least 1
   * @return 0 to 1
   */
  public static double cdf(double t, double df) {
    double half = twoSidedTail(t, df) / 2;
    return t > 0 ? 1 - half : half;
  }

  /**
   * The t with P(T <= t) = p, by bisection to the last bit.
   *
   * @param p strictly between 1e-100 and 1
   * @param df degrees of freedom, at least 1
   * @return the quantile
   * @throws IllegalArgumentException if p or df is outside its range
   */
  public static double quantile(double p, double df) {
    requireDf(df);
    if (!(p > MIN_TAIL && p < 1)) {
      throw new IllegalArgumentException(
          "Student t: a quantile needs 1e-100 < p < 1, got " + p + "; is it a percentage?");
    }
    if (p == 0.5) {
      return 0;
    }
    double tail = 2 * Math.min(p, 1 - p);
    double low = 0;
    double high = 1;
    while (twoSidedTail(high, df) > tail) {
      low = high;
      high *= 2;
    }
    while (true) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        return p < 0.5 ? -high : high;
      }
      if (twoSidedTail(middle, df) > tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  /** Gamma(a + 1/2) / Gamma(a). */
  private static double gammaRatio(double a) {
    double factor = 1;
    double z = a;
    while (z < SERIES_FROM) {
      factor *= z / (z + 0.5);
      z++;
    }
    double u = 1 / z;
    double series =
        1
            + u
                * (-1.0 / 8
                    + u
                        * (1.0 / 128
                            + u
                                * (5.0 / 1024
                                    + u
                                        * (-21.0 / 32768
                                            + u * (-399.0 / 262144 + u * 869.0 / 4194304)))));
    return factor * Math.sqrt(z) * series;
  }

  /** The continued fraction of I_x(a, b) without its front factor, by Lentz's method. */
  private static double betaFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < 10_000; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / awayFromZero(1 + even * d);
      c = awayFromZero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / awayFromZero(1 + odd * d);
      c = awayFromZero(1 + odd / c);
      double step = d * c;
      value *= step;
      if (Math.abs(step - 1) < 1e-15) {
        return value;
      }
    }
    throw new ArithmeticException(
        "Student t: the beta fraction did not converge for a = " + a + ", b = " + b + ", x = " + x);
  }

  private static double awayFromZero(double value) {
    return Math.abs(value) < SMALLEST ? SMALLEST : value;
  }

  private static void requireDf(double df) {
    if (!(df >= 1 && df <= 1e9)) {
      throw new IllegalArgumentException(
          "Student t: the degrees of freedom must be 1 to 1e9, got " + df);
    }
  }
}
