package org.modalimmune.masking;

import java.util.Optional;

/**
 * What one block keeps between steps.
 *
 * @param fisher average Fisher diagonal, once there was a step with that part on
 * @param curvature last test of the Hessian, once there was one
 */
public record BlockState(Optional<FisherAverage> fisher, Optional<CurvatureFinding> curvature) {
  /** A block that has not been seen. */
  public static final BlockState EMPTY = new BlockState(Optional.empty(), Optional.empty());
}
