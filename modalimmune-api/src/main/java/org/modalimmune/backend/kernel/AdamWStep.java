package org.modalimmune.backend.kernel;

/**
 * Settings of one AdamW update (Loshchilov and Hutter, "Decoupled weight decay regularization",
 * ICLR 2019, algorithm 2).
 *
 * @param step number of this update, from 1; corrects the bias of the averages
 * @param learningRate step length
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the corrected second moment
 * @param weightDecay decoupled decay per unit of learning rate
 */
public record AdamWStep(
    long step,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay) {
  /** Checks the ranges. */
  public AdamWStep {
    if (step < 1
        || !(learningRate >= 0)
        || !(beta1 >= 0 && beta1 < 1)
        || !(beta2 >= 0 && beta2 < 1)
        || !(epsilon > 0)
        || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "adamw: needs step >= 1, learningRate >= 0, betas in [0, 1), epsilon > 0, weightDecay >="
              + " 0; got step "
              + step
              + ", learningRate "
              + learningRate
              + ", betas "
              + beta1
              + " and "
              + beta2
              + ", epsilon "
              + epsilon
              + ", weightDecay "
              + weightDecay);
    }
  }
}
