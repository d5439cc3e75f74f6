package org.modalimmune.controller;

/**
 * A probability distribution over arms that may learn from their losses. Not for several threads.
 */
public interface ArmDistribution {
  /** One probability per arm, summing to 1 up to rounding; a copy. */
  double[] probabilities();

  /**
   * Learns from the present loss of every arm (full information).
   *
   * @param losses one per arm, finite
   * @throws IllegalArgumentException if the count differs or a loss is not finite
   */
  void observe(double[] losses);
}
