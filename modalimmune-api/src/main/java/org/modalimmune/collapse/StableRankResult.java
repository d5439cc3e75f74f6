package org.modalimmune.collapse;

import org.modalimmune.autodiff.Variable;

/**
 * A stable rank and what is known of its accuracy.
 *
 * @param rank r = tr(S)/l1, a scalar that can be differentiated to any order
 * @param value r, clamped to [1, min(B - 1, d)] against rounding
 * @param largest l1, the largest eigenvalue of S
 * @param gap estimate of l1 - l2, at least the true one up to {@code residual} and rounding
 * @param residual |S v - l1 v|, rounding of the products left out: an eigenvalue of S lies within
 *     that of {@code largest}
 * @param direction v [d], of unit length; a start for the next step's iteration
 * @param products vectors that S was multiplied by
 * @param converged whether the residual met its tolerance
 * @param tied whether l1 = l2 to working accuracy: the gradient is then one of several
 *     subgradients, and v counts as constant in second derivatives
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record StableRankResult(
    Variable rank,
    double value,
    double largest,
    double gap,
    double residual,
    double[] direction,
    int products,
    boolean converged,
    boolean tied) {
  /** Copies the direction. */
  public StableRankResult {
    direction = direction.clone();
  }

  @Override
  public double[] direction() {
    return direction.clone();
  }
}
