package org.modalimmune.masking;

import java.util.Optional;

/**
 * One block after soft mask and freeze.
 *
 * @param direction m .* d, zeros where frozen
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BlockProgress(
    double[] direction,
    double meanMask,
    Optional<FisherAverage> average,
    Optional<FisherSummary> fisher,
    Optional<CurvatureFinding> curvature,
    boolean frozen) {

  /** Whether nothing is left to be scaled. */
  boolean isStill() {
    return ScaledBound.largest(direction) == 0;
  }

  /** The scale of this block, given that of what it was budgeted with. */
  StepScale scaleOrReason(StepScale scale) {
    if (frozen) {
      return new StepScale(0, ScaleReason.FROZEN, 0);
    }
    return isStill() ? new StepScale(1, ScaleReason.NOTHING_TO_SCALE, 0) : scale;
  }

  MaskReport report(GradientBlock block, StepScale scale) {
    return new MaskReport(block.name(), block.size(), meanMask, fisher, curvature, frozen, scale);
  }
}
