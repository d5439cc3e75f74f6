package org.modalimmune.collapse;

/**
 * Conjugate gradients for (l I - M) x = b on the complement of M's leading eigenvector v, where the
 * matrix is positive definite: its smallest eigenvalue is the eigengap.
 */
final class GapSolve {
  private static final double ROUNDINGS = 64;

  private GapSolve() {}

  /**
   * The solution orthogonal to v; b's part along v is left out.
   *
   * @throws ArithmeticException if the residual does not fall to a few unit roundoffs of b
   */
  static double[] solve(GramOperator m, double l, double[] v, double[] b) {
    double[] r = complement(v, b);
    double[] x = new double[b.length];
    double target = ROUNDINGS * m.unitRoundoff() * HostVectors.norm(b);
    double squared = HostVectors.dot(r, r);
    double[] p = r.clone();
    double[][] image = {new double[b.length]};
    int limit = 10 * m.size() + 100;
    for (int step = 0; Math.sqrt(squared) > target; step++) {
      m.apply(new double[][] {p}, 0, 1, image);
      double[] q = HostVectors.scaled(-1, image[0]);
      HostVectors.axpy(l, p, q);
      q = complement(v, q);
      double curvature = HostVectors.dot(p, q);
      if (step == limit || !(curvature > 0)) {
        throw new ArithmeticException(
            "stable rank: the derivative of the leading direction did not converge in "
                + step
                + " steps, residual "
                + Math.sqrt(squared)
                + ", asked "
                + target
                + "; the two leading eigenvalues are too close for second derivatives");
      }
      double alpha = squared / curvature;
      HostVectors.axpy(alpha, p, x);
      HostVectors.axpy(-alpha, q, r);
      double next = HostVectors.dot(r, r);
      p = HostVectors.scaled(next / squared, p);
      HostVectors.axpy(1, r, p);
      squared = next;
    }
    return complement(v, x);
  }

  static double[] complement(double[] v, double[] x) {
    double[] result = x.clone();
    HostVectors.axpy(-HostVectors.dot(v, x), v, result);
    return result;
  }
}
