package org.modalimmune.masking;

import org.modalimmune.random.RandomKey;

/**
 * Settings of the freeze.
 *
 * @param threshold tau: a block is frozen whose Hessian has an eigenvalue below -tau; at least 0,
 *     in units of loss per squared parameter
 * @param failureProbability with which the lower bound of a block's smallest eigenvalue may be
 *     wrong at one test, in (0, 1)
 * @param resolution by how much of the spectrum's width that bound may lie below the value found,
 *     in (0, 0.5); the number of products grows as its inverse square root
 * @param interval steps from one test of a block to the next, at least 1
 * @param key names the draws; each test of each block has its own
 */
public record FreezeOptions(
    double threshold, double failureProbability, double resolution, int interval, RandomKey key) {
  /** Checks the ranges. */
  public FreezeOptions {
    if (!(threshold >= 0 && threshold < Double.POSITIVE_INFINITY)
        || !(failureProbability > 0 && failureProbability < 1)
        || !(resolution > 0 && resolution < 0.5)
        || interval < 1) {
      throw new IllegalArgumentException(
          "freeze: needs a finite threshold >= 0, a failure probability in (0, 1), a resolution in"
              + " (0, 0.5) and an interval >= 1, got "
              + threshold
              + ", "
              + failureProbability
              + ", "
              + resolution
              + " and "
              + interval);
    }
  }

  /** Threshold 0.1, failure probability 1e-3, resolution 0.05, every 100 steps, a fixed key. */
  public static FreezeOptions defaults() {
    return new FreezeOptions(0.1, 1e-3, 0.05, 100, RandomKey.of(0).fold("freeze"));
  }
}
