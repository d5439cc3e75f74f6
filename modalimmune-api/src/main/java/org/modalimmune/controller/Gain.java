package org.modalimmune.controller;

/** What is gained by training on a pattern, from the losses with all modalities and under it. */
@FunctionalInterface
public interface Gain {
  /**
   * The gain.
   *
   * @param complete loss with all modalities, such as the mean cross-entropy in nats
   * @param pattern loss of the same rows under the pattern
   */
  double of(double complete, double pattern);

  /** The gain of each pattern. */
  default double[] of(double complete, double[] patterns) {
    double[] gains = new double[patterns.length];
    for (int k = 0; k < gains.length; k++) {
      gains[k] = of(complete, patterns[k]);
    }
    return gains;
  }
}
