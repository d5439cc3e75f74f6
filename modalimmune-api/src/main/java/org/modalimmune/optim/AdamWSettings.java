package org.modalimmune.optim;

import org.modalimmune.backend.kernel.AdamWStep;

/**
 * Constants of {@link AdamW}.
 *
 * @param beta1 decay of the average of gradients, in [0, 1)
 * @param beta2 decay of the average of squared gradients, in [0, 1)
 * @param epsilon added to the root of the second average, positive
 */
public record AdamWSettings(double beta1, double beta2, double epsilon) {
  /** Checks the ranges. */
  public AdamWSettings {
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "adamw: needs betas in [0, 1) and epsilon > 0, got "
              + beta1
              + ", "
              + beta2
              + " and "
              + epsilon);
    }
  }

  /** 0.9, 0.999 and 1e-8, the values of Kingma and Ba (ICLR 2015). */
  public static AdamWSettings defaults() {
    return new AdamWSettings(0.9, 0.999, 1e-8);
  }

  AdamWStep at(long step, double learningRate, double weightDecay) {
    return new AdamWStep(step, learningRate, beta1, beta2, epsilon, weightDecay);
  }
}
