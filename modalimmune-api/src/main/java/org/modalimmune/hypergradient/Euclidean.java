package org.modalimmune.hypergradient;

/** Inner product and norm of plain arrays. */
final class Euclidean {
  private Euclidean() {}

  /** Four running sums, since one would wait for each addition; their order is fixed. */
  static double dot(double[] a, double[] b) {
    double s = 0;
    double t = 0;
    double u = 0;
    double v = 0;
    int whole = a.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      s += a[i] * b[i];
      t += a[i + 1] * b[i + 1];
      u += a[i + 2] * b[i + 2];
      v += a[i + 3] * b[i + 3];
    }
    for (int i = whole; i < a.length; i++) {
      s += a[i] * b[i];
    }
    return (s + t) + (u + v);
  }

  /** Scaled by a power of two, so that nothing overflows before the norm does. */
  static double norm(double[] x) {
    double largest = largest(x);
    if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
      return largest;
    }
    int exponent = Math.getExponent(largest);
    if (exponent > -400 && exponent < 400) {
      return Math.sqrt(dot(x, x));
    }
    double sum = 0;
    for (double v : x) {
      double scaled = Math.scalb(v, -exponent);
      sum += scaled * scaled;
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  /** The largest magnitude. */
  static double largest(double[] x) {
    double largest = 0;
    for (double v : x) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }

  /** y += s x. */
  static void addScaled(double[] y, double s, double[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] += s * x[i];
    }
  }

  static boolean isFinite(double[] x) {
    for (double v : x) {
      if (!Double.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  static boolean isZero(double[] x) {
    for (double v : x) {
      if (v != 0) {
        return false;
      }
    }
    return true;
  }
}
