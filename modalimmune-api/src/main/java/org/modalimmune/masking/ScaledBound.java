package org.modalimmune.masking;

/**
 * An upper bound {@code value * 2^exponent} of a number, with room beyond the range of float64.
 *
 * @param value finite
 * @param exponent power of two
 */
record ScaledBound(double value, int exponent) {
  static final ScaledBound ZERO = new ScaledBound(0, 0);

  private static final double UNIT = 0x1p-53;

  /** Magnitudes whose products neither overflow nor vanish. */
  private static final int SAFE = 400;

  static ScaledBound exact(double value) {
    return new ScaledBound(value, 0);
  }

  /** At least {@code sign x'y}, for finite x and y of one length. */
  static ScaledBound inner(int sign, double[] x, double[] y) {
    double largestX = largest(x);
    double largestY = largest(y);
    if (largestX == 0 || largestY == 0) {
      return ZERO;
    }
    int shiftX = exponent(largestX);
    int shiftY = exponent(largestY);
    boolean shifted = Math.abs(shiftX) > SAFE || Math.abs(shiftY) > SAFE;
    double sum = 0;
    double magnitudes = 0;
    for (int i = 0; i < x.length; i++) {
      double a = shifted ? Math.scalb(x[i], -shiftX) : x[i];
      double b = shifted ? Math.scalb(y[i], -shiftY) : y[i];
      double product = a * b;
      sum += product;
      magnitudes += Math.abs(product);
    }
    // |error| <= gamma_n sum |x_i y_i|, itself computed within gamma_n; three underflows each,
    // two of them times a number below 2
    double nu = (x.length + 4.0) * UNIT;
    double error = magnitudes * (nu / (1 - 2 * nu)) + 4.0 * x.length * Double.MIN_VALUE;
    return new ScaledBound(Math.nextUp(sign * sum + error), shifted ? shiftX + shiftY : 0);
  }

  /** At least {@code factor * 2^power} times this, for a factor of at least 0. */
  ScaledBound times(double factor, int power) {
    if (factor == 0 || value == 0) {
      return ZERO;
    }
    int e = exponent(value);
    int f = exponent(factor);
    double product = Math.scalb(value, -e) * Math.scalb(factor, -f);
    return new ScaledBound(Math.nextUp(product), exponent + e + f + power);
  }

  /** Power of two just below the magnitude; any small number for 0. */
  int magnitude() {
    return value == 0 ? Integer.MIN_VALUE / 2 : exponent(value) + exponent;
  }

  /** At least {@code this * 2^-power}, at most a unit in the last place above it. */
  double over(int power) {
    return scaledUp(value, exponent - power);
  }

  /** The smallest double that is at least {@code x 2^power}; infinity beyond the range. */
  static double scaledUp(double x, int power) {
    double y = Math.scalb(x, power);
    // inexact only where bits fall below the smallest double: then y is that coarse
    return Math.abs(y) < Double.MIN_NORMAL && Math.scalb(y, -power) < x ? Math.nextUp(y) : y;
  }

  /** Floor of the binary logarithm of |x|, subnormals included. */
  static int exponent(double x) {
    int e = Math.getExponent(x);
    return e < Double.MIN_EXPONENT ? Math.getExponent(x * 0x1p54) - 54 : e;
  }

  static double largest(double[] x) {
    double largest = 0;
    for (double v : x) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }
}
