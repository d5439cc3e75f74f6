package org.modalimmune.controller;

import org.modalimmune.random.RandomStream;

/**
 * A probability distribution over arms. What it learns from is said by its kind: nothing ({@link
 * FixedDistribution}), the reward of every arm ({@link FullInformationController}) or the rewards
 * of the arms that were drawn ({@link BanditController}). Not for several threads.
 */
public sealed interface ArmDistribution extends Restorable
    permits FixedDistribution, FullInformationController, BanditController {
  /** Number of arms K, at least 1. */
  int arms();

  /** One probability per arm, summing to 1 up to rounding; a copy. */
  double[] probabilities();

  /** Draws an arm. */
  default int draw(RandomStream random) {
    return random.nextIndex(probabilities());
  }

  /**
   * Draws arms independently, all with the present probabilities.
   *
   * @param count at least 0
   */
  default int[] draw(RandomStream random, int count) {
    double[] probabilities = probabilities();
    int[] drawn = new int[count];
    for (int r = 0; r < count; r++) {
      drawn[r] = random.nextIndex(probabilities);
    }
    return drawn;
  }
}
