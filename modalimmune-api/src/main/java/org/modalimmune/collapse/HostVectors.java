package org.modalimmune.collapse;

/** Operations on short vectors of the iterations, on the host in float64. */
final class HostVectors {
  private HostVectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
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
