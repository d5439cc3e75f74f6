package org.modalimmune.random;

/**
 * Box-Muller transform in operations that IEEE 754 rounds correctly (add, multiply, fused
 * multiply-add, divide, square root), so that every backend can reproduce it to the last bit.
 *
 * <p>For u1 in (0, 1) and u2 in [0, 1): r = sqrt(-2 ln u1), z0 = r cos(2 pi u2), z1 = r sin(2 pi
 * u2). ln is 2 atanh((m - 1) / (m + 1)) + e ln 2 for u1 = m 2^e with m in [sqrt(1/2), sqrt(2)), the
 * series cut after the term s^21; sine and cosine are Taylor series to t^17 and t^16 on |t| at most
 * pi/4. Every series is evaluated by Horner's rule with fused multiply-adds in float64; the
 * relative error of the logarithm and the absolute errors of sine and cosine are below 4e-16.
 *
 * <p>Source: Box and Muller, "A note on the generation of random normal deviates", Ann. Math. Stat.
 * 29 (1958).
 */
public final class NormalTransform {
  /** High part of ln 2: 32 significant bits, so that e * LN2_HIGH is exact. */
  public static final double LN2_HIGH = 0x1.62e42fee00000p-1;

  /** ln 2 minus {@link #LN2_HIGH}. */
  public static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Bits of the float64 next to sqrt(1/2), the lower end of the mantissa interval. */
  public static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;

  private NormalTransform() {}

  /** sqrt(-2 ln u) for u in (0, 1). */
  public static double radius(double u) {
    long bits = Double.doubleToRawLongBits(u);
    long shifted = bits - SQRT_HALF_BITS;
    long exponent = shifted >> 52;
    double m = Double.longBitsToDouble(bits - (exponent << 52));
    double s = (m - 1.0) / (m + 1.0);
    double w = s * s;
    double p = 1.0 / 21;
    p = Math.fma(p, w, 1.0 / 19);
    p = Math.fma(p, w, 1.0 / 17);
    p = Math.fma(p, w, 1.0 / 15);
    p = Math.fma(p, w, 1.0 / 13);
    p = Math.fma(p, w, 1.0 / 11);
    p = Math.fma(p, w, 1.0 / 9);
    p = Math.fma(p, w, 1.0 / 7);
    p = Math.fma(p, w, 1.0 / 5);
    p = Math.fma(p, w, 1.0 / 3);
    p = Math.fma(p, w, 1.0);
    double e = (double) exponent;
    double log = Math.fma(e, LN2_HIGH, Math.fma(e, LN2_LOW, 2.0 * s * p));
    return Math.sqrt(-2.0 * log);
  }

  /** cos(2 pi u) for u in [0, 1). */
  public static double cosine(double u) {
    double quarter = Math.rint(4.0 * u);
    double t = (u - 0.25 * quarter) * (2.0 * Math.PI);
    return switch ((int) quarter & 3) {
      case 0 -> cosSeries(t);
      case 1 -> -sinSeries(t);
      case 2 -> -cosSeries(t);
      default -> sinSeries(t);
    };
  }

  /** sin(2 pi u) for u in [0, 1). */
  public static double sine(double u) {
    double quarter = Math.rint(4.0 * u);
    double t = (u - 0.25 * quarter) * (2.0 * Math.PI);
    return switch ((int) quarter & 3) {
      case 0 -> sinSeries(t);
      case 1 -> cosSeries(t);
      case 2 -> -sinSeries(t);
      default -> -cosSeries(t);
    };
  }

  private static double sinSeries(double t) {
    double w = t * t;
    double p = 1.0 / 355687428096000.0;
    p = Math.fma(p, w, -1.0 / 1307674368000.0);
    p = Math.fma(p, w, 1.0 / 6227020800.0);
    p = Math.fma(p, w, -1.0 / 39916800.0);
    p = Math.fma(p, w, 1.0 / 362880.0);
    p = Math.fma(p, w, -1.0 / 5040.0);
    p = Math.fma(p, w, 1.0 / 120.0);
    p = Math.fma(p, w, -1.0 / 6.0);
    return Math.fma(t * w, p, t);
  }

  private static double cosSeries(double t) {
    double w = t * t;
    double p = 1.0 / 20922789888000.0;
    p = Math.fma(p, w, -1.0 / 87178291200.0);
    p = Math.fma(p, w, 1.0 / 479001600.0);
    p = Math.fma(p, w, -1.0 / 3628800.0);
    p = Math.fma(p, w, 1.0 / 40320.0);
    p = Math.fma(p, w, -1.0 / 720.0);
    p = Math.fma(p, w, 1.0 / 24.0);
    p = Math.fma(p, w, -0.5);
    return Math.fma(p, w, 1.0);
  }
}
