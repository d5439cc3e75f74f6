package org.modalimmune.masking;

/**
 * Settings of the soft mask 1 / (1 + F / tau).
 *
 * @param tau Fisher information at which the mask is one half, positive, in squared units of loss
 *     per parameter
 * @param decay weight of the old average at each step, from 0, the present batch alone, to below 1
 */
public record FisherOptions(double tau, double decay) {
  /** Checks the ranges. */
  public FisherOptions {
    if (!(tau > 0 && tau < Double.POSITIVE_INFINITY) || !(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "fisher mask: needs a finite tau > 0 and a decay in [0, 1), got "
              + tau
              + " and "
              + decay);
    }
  }

  /** tau 1e-3, decay 0.9. */
  public static FisherOptions defaults() {
    return new FisherOptions(1e-3, 0.9);
  }
}
