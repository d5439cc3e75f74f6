package org.modalimmune.hypergradient;

/** What is known of the error |q - H^-1 v| of a computed q, Euclidean norm. */
public sealed interface Certificate {
  /** |v - H q| as computed from its definition, not by a recursion. */
  double residualNorm();

  /** Products with H that were spent. */
  int products();

  /** A certificate with an error bound. */
  sealed interface Bounded extends Certificate {
    /** At least |q - H^-1 v|, in units of q. */
    double bound();

    /** mu, at most the smallest eigenvalue of H. */
    double lowerEigenvalueBound();

    /** The part of the bound that is owed to rounding, in units of q. */
    double roundingTerm();
  }

  /**
   * The bound holds.
   *
   * @param bound at least |q - H^-1 v|
   * @param residualNorm |v - H q| as computed
   * @param lowerEigenvalueBound mu
   * @param roundingTerm part of the bound owed to rounding
   * @param products products spent
   */
  record Deterministic(
      double bound,
      double residualNorm,
      double lowerEigenvalueBound,
      double roundingTerm,
      int products)
      implements Bounded {}

  /**
   * The bound holds except with a known probability, over the draws that mu was found with.
   *
   * @param bound at least |q - H^-1 v|
   * @param residualNorm |v - H q| as computed
   * @param lowerEigenvalueBound mu
   * @param roundingTerm part of the bound owed to rounding
   * @param products products spent, those for mu not included
   * @param failureProbability at least the probability that the bound is wrong
   */
  record Probabilistic(
      double bound,
      double residualNorm,
      double lowerEigenvalueBound,
      double roundingTerm,
      int products,
      double failureProbability)
      implements Bounded {}

  /**
   * No bound was reached as asked for; q must not be used as if there were one.
   *
   * @param residualNorm |v - H q| as computed; infinite if it overflows
   * @param reason why
   * @param products products spent
   */
  record Uncertified(double residualNorm, Reason reason, int products) implements Certificate {}

  /** Why there is no bound. */
  enum Reason {
    /** No positive lower bound of the spectrum is known: H may be singular or indefinite. */
    LOWER_BOUND_NOT_POSITIVE,
    /** A product shows an eigenvalue outside the spectrum bounds: they are wrong. */
    SPECTRUM_BOUNDS_CONTRADICTED,
    /** The products allowed do not reach the tolerance. */
    BUDGET_EXHAUSTED,
    /** Rounding keeps the certified error above the tolerance, whatever the number of products. */
    ROUNDING_FLOOR,
    /** A vector or the bound exceeds the range of float64. */
    OVERFLOW
  }
}
