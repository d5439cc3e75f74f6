package org.modalimmune.conformance;

/**
 * Elementary functions in double-double arithmetic by series, with relative errors far below
 * float64's unit roundoff (about 1e-28, and 1e-18 where the complementary error function is a
 * difference).
 */
public final class DoubleDoubleMath {
  private static final DoubleDouble LN2 =
      new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);
  private static final DoubleDouble PI = new DoubleDouble(Math.PI, 0x1.1a62633145c07p-53);
  private static final DoubleDouble SQRT_PI = PI.sqrt();
  private static final DoubleDouble SQRT_TWO_PI = PI.times(2).sqrt();
  private static final DoubleDouble SQRT_HALF = DoubleDouble.of(0.5).sqrt();

  private DoubleDoubleMath() {}

  /** e^x: 256 times the exponential of r/256, r = x - k ln 2, by its Taylor series. */
  public static DoubleDouble exp(DoubleDouble x) {
    if (x.hi() < -800) {
      return DoubleDouble.ZERO;
    }
    if (x.hi() > 800) {
      return DoubleDouble.of(Double.POSITIVE_INFINITY);
    }
    int k = (int) Math.rint(x.hi() / LN2.hi());
    DoubleDouble r = x.minus(LN2.times(k)).scaled(-8);
    DoubleDouble sum = DoubleDouble.ONE;
    DoubleDouble term = DoubleDouble.ONE;
    for (int n = 1; n <= 12; n++) {
      term = term.times(r).over(n);
      sum = sum.plus(term);
    }
    for (int i = 0; i < 8; i++) {
      sum = sum.times(sum);
    }
    return sum.scaled(k / 2).scaled(k - k / 2);
  }

  /** e^x - 1, accurate near 0. */
  public static DoubleDouble expm1(DoubleDouble x) {
    if (Math.abs(x.hi()) > 0.4) {
      return exp(x).plus(-1);
    }
    DoubleDouble sum = x;
    DoubleDouble term = x;
    for (int n = 2; n <= 30; n++) {
      term = term.times(x).over(n);
      sum = sum.plus(term);
    }
    return sum;
  }

  /** ln x for finite x > 0. */
  public static DoubleDouble log(DoubleDouble x) {
    int e = Math.getExponent(x.hi());
    if (e < Double.MIN_EXPONENT) {
      return log(x.scaled(200)).minus(LN2.times(200));
    }
    DoubleDouble m = x.scaled(-e);
    if (m.hi() > 1.4) {
      m = m.scaled(-1);
      e++;
    }
    return log1p(m.plus(-1)).plus(LN2.times(e));
  }

  /** ln(1 + x) for finite x > -1: 2 atanh(x / (2 + x)). */
  public static DoubleDouble log1p(DoubleDouble x) {
    if (x.hi() > 1.01 || x.hi() < -0.5) {
      return log(x.plus(1));
    }
    DoubleDouble s = x.over(x.plus(2));
    DoubleDouble w = s.times(s);
    DoubleDouble power = s;
    DoubleDouble sum = s;
    for (int n = 3; n < 90; n += 2) {
      power = power.times(w);
      sum = sum.plus(power.over(n));
    }
    return sum.times(2);
  }

  /** Hyperbolic tangent. */
  public static DoubleDouble tanh(double x) {
    DoubleDouble m = expm1(DoubleDouble.of(-2 * Math.abs(x)));
    DoubleDouble y = m.negated().over(m.plus(2));
    return x < 0 ? y.negated() : y;
  }

  /** 1 / (1 + e^-x). */
  public static DoubleDouble sigmoid(double x) {
    DoubleDouble e = exp(DoubleDouble.of(-Math.abs(x)));
    DoubleDouble y = DoubleDouble.ONE.over(e.plus(1));
    return x < 0 ? y.times(e) : y;
  }

  /** ln(1 + e^x). */
  public static DoubleDouble softplus(double x) {
    return log1p(exp(DoubleDouble.of(-Math.abs(x)))).plus(Math.max(x, 0));
  }

  /** Gauss error function. */
  public static DoubleDouble erf(DoubleDouble x) {
    if (x.hi() < 0) {
      return erf(x.negated()).negated();
    }
    if (x.hi() > 5) {
      return DoubleDouble.ONE.minus(erfc(x));
    }
    DoubleDouble w = x.times(x);
    DoubleDouble term = x;
    DoubleDouble sum = x;
    for (int n = 1; n < 200 && Math.abs(term.hi()) > 1e-34 * Math.abs(sum.hi()); n++) {
      term = term.times(w).times(2).over(2 * n + 1);
      sum = sum.plus(term);
    }
    return sum.times(exp(w.negated())).times(2).over(SQRT_PI);
  }

  /** 1 - erf(x); beyond 5 by the continued fraction of Laplace. */
  public static DoubleDouble erfc(DoubleDouble x) {
    if (x.hi() <= 5) {
      return DoubleDouble.ONE.minus(erf(x));
    }
    if (x.hi() > 30) {
      return DoubleDouble.ZERO;
    }
    DoubleDouble tail = x;
    for (int n = 120; n >= 1; n--) {
      tail = x.plus(DoubleDouble.of(n / 2.0).over(tail));
    }
    return exp(x.times(x).negated()).over(SQRT_PI.times(tail));
  }

  /** Density of the standard normal distribution. */
  public static DoubleDouble normalPdf(double x) {
    if (Math.abs(x) > 40) {
      return DoubleDouble.ZERO;
    }
    return exp(DoubleDouble.product(x, x).scaled(-1).negated()).over(SQRT_TWO_PI);
  }

  /** Distribution function of the standard normal distribution. */
  public static DoubleDouble normalCdf(double x) {
    return erfc(SQRT_HALF.times(-x)).scaled(-1);
  }
}
