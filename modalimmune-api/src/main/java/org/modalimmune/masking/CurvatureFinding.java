package org.modalimmune.masking;

import org.modalimmune.hypergradient.LanczosBound;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.random.RandomKey;

/**
 * What a randomised Lanczos test found of the smallest eigenvalue of a block's Hessian:
 *
 * <pre>
 * lower <= lambda_min <= smallestRitz + rounding
 * </pre>
 *
 * the left side except with the failure probability, the right side always, since a Ritz value is
 * an x'Hx with |x| = 1. See {@link LanczosBound}.
 *
 * @param threshold tau
 * @param smallestRitz smallest Ritz value
 * @param rounding what rounding may move it by
 * @param lower lower bound of the smallest eigenvalue
 * @param failureProbability with which that bound may be wrong; 0 where the basis was complete
 * @param products Hessian-vector products spent
 * @param step step at which the block was tested
 */
public record CurvatureFinding(
    double threshold,
    double smallestRitz,
    double rounding,
    double lower,
    double failureProbability,
    int products,
    long step) {

  /** Where the smallest eigenvalue lies. */
  public enum Verdict {
    /** Below -tau, certainly: a direction with that curvature was found. */
    BELOW_THRESHOLD,
    /** Not below -tau, except with the failure probability. */
    NOT_BELOW_THRESHOLD,
    /** No direction was found, but the lower bound does not exclude that there is one. */
    UNDECIDED
  }

  /** Checks the numbers. */
  public CurvatureFinding {
    if (!(threshold >= 0 && threshold < Double.POSITIVE_INFINITY)
        || !Double.isFinite(smallestRitz)
        || !(rounding >= 0 && rounding < Double.POSITIVE_INFINITY)
        || !(lower <= smallestRitz && lower > Double.NEGATIVE_INFINITY)
        || !(failureProbability >= 0 && failureProbability < 1)
        || products < 1
        || step < 0) {
      throw new IllegalArgumentException(
          "curvature finding: needs threshold >= 0, lower <= Ritz value, rounding >= 0, all finite,"
              + " a failure probability in [0, 1), products >= 1 and step >= 0, got threshold "
              + threshold
              + ", Ritz value "
              + smallestRitz
              + ", rounding "
              + rounding
              + ", lower "
              + lower
              + ", probability "
              + failureProbability
              + ", products "
              + products
              + ", step "
              + step);
    }
  }

  /**
   * Tests one Hessian. Products as {@link LanczosBound#steps} says, memory n times that.
   *
   * @param h the Hessian of a block, [n, n], n at least 1
   * @param options threshold, failure probability, resolution
   * @param key names the draws
   * @param step recorded in the finding
   * @throws org.modalimmune.hypergradient.NonFiniteInputException if a product is not finite
   */
  public static CurvatureFinding of(
      LinearOperator h, FreezeOptions options, RandomKey key, long step) {
    int n = h.dimension();
    int steps = LanczosBound.steps(n, options.failureProbability(), options.resolution());
    LanczosBound bound = LanczosBound.of(h, steps, options.failureProbability(), key);
    return new CurvatureFinding(
        options.threshold(),
        bound.smallestRitz(),
        bound.rounding(),
        bound.lower(),
        bound.products() == n ? 0 : bound.failureProbability(),
        bound.products(),
        step);
  }

  /** The verdict that the numbers give. */
  public Verdict verdict() {
    if (smallestRitz + rounding < -threshold) {
      return Verdict.BELOW_THRESHOLD;
    }
    return lower >= -threshold ? Verdict.NOT_BELOW_THRESHOLD : Verdict.UNDECIDED;
  }

  /** Whether the block is to be frozen: on proof alone. */
  public boolean freezes() {
    return verdict() == Verdict.BELOW_THRESHOLD;
  }
}
