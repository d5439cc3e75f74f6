package org.modalimmune.collapse;

/**
 * Operations on short vectors of the iterations, on the host in float64. Sums over several vectors
 * take four of them at a time, which reads and writes the other operand a quarter as often; the
 * order of additions is fixed.
 */
final class HostVectors {
  private HostVectors() {}

  static double dot(double[] a, double[] b) {
    // four sums, since one would wait for each addition
    double p = 0;
    double q = 0;
    double r = 0;
    double s = 0;
    int i = 0;
    for (; i < a.length - 3; i += 4) {
      p += a[i] * b[i];
      q += a[i + 1] * b[i + 1];
      r += a[i + 2] * b[i + 2];
      s += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      p += a[i] * b[i];
    }
    return p + q + (r + s);
  }

  /** Takes from x what it has along some orthonormal vectors, and writes how much that was. */
  static void orthogonalise(double[][] vectors, int from, int to, double[] x, double[] parts) {
    dots(vectors, from, to, x, parts);
    combine(vectors, from, to, parts, -1, x);
  }

  /** result[j] = (vectors[j], x) for {@code from <= j < to}. */
  static void dots(double[][] vectors, int from, int to, double[] x, double[] result) {
    int j = from;
    for (; j <= to - 4; j += 4) {
      fourDots(vectors[j], vectors[j + 1], vectors[j + 2], vectors[j + 3], x, result, j);
    }
    for (; j < to; j++) {
      result[j] = dot(vectors[j], x);
    }
  }

  private static void fourDots(
      double[] a, double[] b, double[] c, double[] d, double[] x, double[] result, int at) {
    double a0 = 0;
    double a1 = 0;
    double b0 = 0;
    double b1 = 0;
    double c0 = 0;
    double c1 = 0;
    double d0 = 0;
    double d1 = 0;
    int i = 0;
    for (; i < x.length - 1; i += 2) {
      double even = x[i];
      double odd = x[i + 1];
      a0 += a[i] * even;
      b0 += b[i] * even;
      c0 += c[i] * even;
      d0 += d[i] * even;
      a1 += a[i + 1] * odd;
      b1 += b[i + 1] * odd;
      c1 += c[i + 1] * odd;
      d1 += d[i + 1] * odd;
    }
    if (i < x.length) {
      a0 += a[i] * x[i];
      b0 += b[i] * x[i];
      c0 += c[i] * x[i];
      d0 += d[i] * x[i];
    }
    result[at] = a0 + a1;
    result[at + 1] = b0 + b1;
    result[at + 2] = c0 + c1;
    result[at + 3] = d0 + d1;
  }

  /** y += sign times the sum of factors[j] vectors[j] for {@code from <= j < to}. */
  static void combine(
      double[][] vectors, int from, int to, double[] factors, double sign, double[] y) {
    int j = from;
    for (; j <= to - 4; j += 4) {
      addFour(
          vectors[j],
          vectors[j + 1],
          vectors[j + 2],
          vectors[j + 3],
          sign * factors[j],
          sign * factors[j + 1],
          sign * factors[j + 2],
          sign * factors[j + 3],
          y);
    }
    for (; j < to; j++) {
      axpy(sign * factors[j], vectors[j], y);
    }
  }

  private static void addFour(
      double[] a,
      double[] b,
      double[] c,
      double[] d,
      double p,
      double q,
      double r,
      double s,
      double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += (p * a[i] + q * b[i]) + (r * c[i] + s * d[i]);
    }
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** y += alpha x. */
  static void axpy(double alpha, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] += alpha * x[i];
    }
  }

  /** x *= alpha. */
  static void scale(double alpha, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= alpha;
    }
  }

  static double[] scaled(double alpha, double[] x) {
    double[] result = new double[x.length];
    axpy(alpha, x, result);
    return result;
  }
}
