package org.modalimmune.controller;

/**
 * Learns from the rewards of drawn arms alone. A round is: draw one or more arms with the present
 * probabilities, look at their rewards, {@link #observe} them together.
 */
public non-sealed interface BanditController extends ArmDistribution {
  /**
   * Ends a round.
   *
   * @param arms what was drawn independently with the present {@link #probabilities}, in any order,
   *     an arm as often as it was drawn; arms chosen in another way void the regret bound
   * @param rewards one per draw, in [0, 1]
   * @throws IllegalArgumentException if they are not; nothing has changed then
   */
  void observe(int[] arms, double[] rewards);

  /** Ends a round with one draw; see {@link #observe(int[], double[])}. */
  default void observe(int arm, double reward) {
    observe(new int[] {arm}, new double[] {reward});
  }
}
