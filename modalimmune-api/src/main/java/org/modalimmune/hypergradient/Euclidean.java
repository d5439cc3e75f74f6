package org.modalimmune.hypergradient;

/** Inner product and norm of plain arrays. */
final class Euclidean {
  private Euclidean() {}

  /** Eight sums side by side: one alone would wait for each addition. */
  static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i <= a.length - 8; i += 8) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
      s4 += a[i + 4] * b[i + 4];
      s5 += a[i + 5] * b[i + 5];
      s6 += a[i + 6] * b[i + 6];
      s7 += a[i + 7] * b[i + 7];
    }
    double sum = 0;
    for (; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum + (((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)));
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

  /**
   * x -= (a, x) a + (b, x) b + (c, x) c + (d, x) d, all inner products with the x that was given; x
   * passes through the caches twice, not eight times.
   */
  static void removeFour(double[] x, double[] a, double[] b, double[] c, double[] d) {
    double alongA = 0;
    double alongB = 0;
    double alongC = 0;
    double alongD = 0;
    for (int i = 0; i < x.length; i++) {
      alongA += a[i] * x[i];
      alongB += b[i] * x[i];
      alongC += c[i] * x[i];
      alongD += d[i] * x[i];
    }
    for (int i = 0; i < x.length; i++) {
      x[i] -= (alongA * a[i] + alongB * b[i]) + (alongC * c[i] + alongD * d[i]);
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
