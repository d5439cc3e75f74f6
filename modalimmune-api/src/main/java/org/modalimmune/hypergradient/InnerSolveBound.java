package org.modalimmune.hypergradient;

/**
 * What an inexact inner solution adds to the error of each component (section 6 of {@code
 * spec/hypergradient.md}). By Newton and Kantorovich: with e the inner gradient and h = l_H |e| /
 * mu^2 <= 1/2, there is an inner solution within rho = 2 |e| / (mu (1 + sqrt(1 - 2 h))), and H is
 * at least mu - l_H rho = mu sqrt(1 - 2 h) on the way.
 */
final class InnerSolveBound {
  private final LipschitzConstants constants;
  private final double distance;
  private final double lowerAtSolution;
  private final double solutionNorm;

  /**
   * The terms that all components share.
   *
   * @param solutionNorm at least |H^-1 v| at the given point
   */
  InnerSolveBound(InnerSolve.Bounded inner, double mu, double solutionNorm) {
    this.constants = inner.constants();
    this.solutionNorm = solutionNorm;
    double e = inner.gradientNorm();
    double h = RoundingError.upward(constants.hessian() * e / mu / mu, 3);
    double root = Math.sqrt(RoundingError.downward(Math.max(0, 1 - 2 * h), 2));
    this.distance =
        h < 0.5 ? RoundingError.upward(2 * e / (mu * (1 + root)), 8) : Double.POSITIVE_INFINITY;
    // from below: mu - l_H rho loses digits where the two are near
    this.lowerAtSolution = RoundingError.downward(mu * root, 8);
  }

  /** Whether an inner solution is known to exist nearby. */
  boolean holds() {
    return distance < Double.POSITIVE_INFINITY && lowerAtSolution > 0;
  }

  /** Bound for component i, given the norm of its mixed row at the given point. */
  double term(int i, double rowNorm) {
    double rowThere = rowNorm + constants.mixedRow(i) * distance;
    double solutionChange =
        (constants.hessian() * solutionNorm + constants.outerGradient())
            * distance
            / lowerAtSolution;
    double sum =
        constants.direct(i) * distance
            + constants.mixedRow(i) * distance * solutionNorm
            + rowThere * solutionChange;
    return RoundingError.upward(sum, 16);
  }
}
