package org.modalimmune.collapse;

/** Operations on short vectors of the iterations, on the host in float64. */
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

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** y += alpha x. */
  static void axpy(double alpha, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] += alpha * x[i];
    }
  }

  static double[] scaled(double alpha, double[] x) {
    double[] result = new double[x.length];
    axpy(alpha, x, result);
    return result;
  }
}
