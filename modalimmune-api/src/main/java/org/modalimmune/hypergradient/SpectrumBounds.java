package org.modalimmune.hypergradient;

/**
 * Numbers between which all eigenvalues of a symmetric operator lie: lower |x|^2 <= x'Hx <= upper
 * |x|^2.
 *
 * @param lower at most the smallest eigenvalue; may be negative
 * @param upper at least the largest eigenvalue, positive
 * @param failureProbability with which the bounds may be wrong; 0 if they always hold
 */
public record SpectrumBounds(double lower, double upper, double failureProbability) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException unless lower <= upper, upper > 0, both finite, and the
   *     probability is from 0 to 1
   */
  public SpectrumBounds {
    if (!(Double.isFinite(lower) && Double.isFinite(upper) && lower <= upper && upper > 0)) {
      throw new IllegalArgumentException(
          "spectrum bounds: needs finite lower <= upper with upper > 0, got ["
              + lower
              + ", "
              + upper
              + "]");
    }
    if (!(failureProbability >= 0 && failureProbability <= 1)) {
      throw new IllegalArgumentException(
          "spectrum bounds: the failure probability must be from 0 to 1, got "
              + failureProbability);
    }
  }

  /**
   * Bounds that always hold, such as [delta, |G| + delta] for a positive semidefinite G + delta I.
   */
  public static SpectrumBounds certain(double lower, double upper) {
    return new SpectrumBounds(lower, upper, 0);
  }

  /** Bounds that hold except with the given probability over the draws they were found with. */
  public static SpectrumBounds probable(double lower, double upper, double failureProbability) {
    return new SpectrumBounds(lower, upper, failureProbability);
  }

  /** Bound on the spectral norm: the larger of |lower| and upper. */
  public double norm() {
    return Math.max(Math.abs(lower), upper);
  }

  /** The bounds of H + shift I, rounded outwards. */
  public SpectrumBounds shifted(double shift) {
    return new SpectrumBounds(
        Math.nextDown(lower + shift), Math.nextUp(upper + shift), failureProbability);
  }
}
