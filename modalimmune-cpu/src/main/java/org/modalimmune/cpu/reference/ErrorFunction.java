package org.modalimmune.cpu.reference;

/**
 * The error function and what follows from it, in float64, relative error a few units in the last
 * place also in the tails.
 *
 * <p>For x at least 1, erfc(x) = exp(-x^2) erfcx(x) with erfcx(x) = P(t) / (1 + 2x), t = (x - 4) /
 * (x + 4) (Shepherd and Laframboise, Math. Comp. 36, 1981); below 1, erf(x) = x Q(x^2). The normal
 * distribution function takes the same two ways. The square is carried to twice the precision, so
 * that the exponential keeps its relative accuracy. The coefficients come from {@code
 * spec/coefficients/error_function.py}.
 */
public final class ErrorFunction {
  // beyond it every tail is 0 in float64, and t stays defined for infinite arguments
  private static final double TAIL_END = 40;
  private static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
  private static final double INVERSE_SQRT_TWO_PI = 0x1.9884533d43651p-2;

  /** P, lowest power first. */
  private static final double[] SCALED = {
    0x1.3ba5916e9fd7fp+0,
    -0x1.1df1ad154a287p-3,
    0x1.f7f5df66fd6c2p-7,
    0x1.16ecefcfa4d42p-4,
    -0x1.9ddb23c3e8a22p-4,
    0x1.7fee004e1e9dcp-4,
    -0x1.0fb06dfe5229fp-4,
    0x1.3079edf51fc68p-5,
    -0x1.0962388397d97p-6,
    0x1.49c672e0029c2p-8,
    -0x1.8d4a9b00c799bp-11,
    -0x1.a1df5db3b79e2p-13,
    0x1.3be04bf52bb92p-13,
    -0x1.995385e20c540p-16,
    -0x1.78861f18ef064p-17,
    0x1.7ef6b7a31f1bep-18,
    0x1.3981051d51a47p-22,
    -0x1.b8d24972834acp-21,
    0x1.4cbb15f8e3993p-24,
    0x1.c8b87aa05fff6p-24,
    -0x1.613ab1194af2cp-26,
    -0x1.a83c2ea8b4fe3p-27,
    0x1.b39ff8614630dp-29,
    0x1.ffeb28fa160afp-31,
    -0x1.246d137471673p-32,
  };

  /** Q, lowest power first. */
  private static final double[] CENTRAL = {
    0x1.20dd750429b6dp+0,
    -0x1.812746b0379c1p-2,
    0x1.ce2f21a040fbfp-4,
    -0x1.b82ce31204d17p-6,
    0x1.565bccfa6f4bep-8,
    -0x1.c02db06ca928fp-11,
    0x1.f9a2bee1b1f05p-14,
    -0x1.f4ca8c11f4161p-17,
    0x1.b982295083cfcp-20,
    -0x1.5c14fc0842667p-23,
    0x1.d777c51831224p-27,
    -0x1.acbabf57ef501p-31,
  };

  /** (Phi(x) - 1/2) / x in x^2 for |x| below 1, lowest power first. */
  private static final double[] NORMAL_CENTRAL = {
    0x1.9884533d43651p-2,
    -0x1.1058377e2cedfp-4,
    0x1.46d0429769013p-7,
    -0x1.37403f6b93271p-10,
    0x1.e42b0d4b1c791p-14,
    -0x1.3ce8f9bbb3109p-17,
    0x1.6589f19d45edfp-21,
    -0x1.621cc8402008ep-25,
    0x1.380b3bcac4439p-29,
    -0x1.e69f892ecf74bp-34,
    0x1.1ebbd2d2ea8fep-38,
  };

  private ErrorFunction() {}

  /** Coefficients of P, lowest power first; a copy. */
  public static double[] scaledCoefficients() {
    return SCALED.clone();
  }

  /** Coefficients of Q, lowest power first; a copy. */
  public static double[] centralCoefficients() {
    return CENTRAL.clone();
  }

  /** Coefficients of (Phi(x) - 1/2) / x in x^2 for |x| below 1, lowest power first; a copy. */
  public static double[] normalCentralCoefficients() {
    return NORMAL_CENTRAL.clone();
  }

  /** erf(x). */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (a < 1) {
      return x * horner(CENTRAL, x * x);
    }
    return Math.copySign(1 - erfcOfPositive(a), x);
  }

  /** Density of the standard normal distribution. */
  public static double normalPdf(double x) {
    return INVERSE_SQRT_TWO_PI * expMinusScaledSquare(Math.min(Math.abs(x), TAIL_END), 0.5);
  }

  /** Distribution function of the standard normal distribution. */
  public static double normalCdf(double x) {
    if (Math.abs(x) < 1) {
      return Math.fma(x, horner(NORMAL_CENTRAL, x * x), 0.5);
    }
    double a = Math.min(Math.abs(x), TAIL_END);
    double tail = 0.5 * expMinusScaledSquare(a, 0.5) * erfcx(a * SQRT_HALF);
    return x > 0 ? 1 - tail : tail;
  }

  /** x Phi(x); the limit -0 at -infinity. */
  public static double gelu(double x) {
    double bounded = Math.max(x, -TAIL_END);
    return bounded * normalCdf(bounded);
  }

  /** Phi(x) + x phi(x); the limits at both infinities. */
  public static double geluDerivative(double x) {
    double bounded = Math.max(Math.min(x, TAIL_END), -TAIL_END);
    return normalCdf(bounded) + bounded * normalPdf(bounded);
  }

  private static double erfcOfPositive(double x) {
    double a = Math.min(x, TAIL_END);
    return expMinusScaledSquare(a, 1) * erfcx(a);
  }

  // 2x / (x + 4) - 1 is (x - 4) / (x + 4) without the roundings that hurt most near x = 0
  private static double erfcx(double x) {
    return horner(SCALED, 2 * x / (x + 4) - 1) / (1 + 2 * x);
  }

  /** exp(-scale a^2) for a scale that is a power of two. */
  private static double expMinusScaledSquare(double a, double scale) {
    double square = a * a;
    double rest = Math.fma(a, a, -square);
    double e = StrictMath.exp(-scale * square);
    return Math.fma(-scale * rest, e, e);
  }

  private static double horner(double[] coefficients, double x) {
    double p = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      p = Math.fma(p, x, coefficients[i]);
    }
    return p;
  }
}
