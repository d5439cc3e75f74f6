package org.modalimmune.controller;

/** Learns from the rewards of all arms. */
public non-sealed interface FullInformationController extends ArmDistribution {
  /**
   * Ends a round: arms with larger rewards become likelier.
   *
   * @param rewards one per arm, finite, in the range that the controller states
   * @throws IllegalArgumentException if they are not; nothing has changed then
   */
  void observe(double[] rewards);
}
