package org.modalimmune.train;

/**
 * Settings of the training loop, the same for every method of a comparison.
 *
 * @param epochs passes over the training rows
 * @param batchSize rows per step; the last batch of an epoch may be smaller
 * @param learningRate peak of the cosine schedule
 * @param floorFraction end of the schedule, as a fraction of the peak
 * @param weightDecay decoupled decay of the weight matrices
 * @param model sizes
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    double learningRate,
    double floorFraction,
    double weightDecay,
    ModelOptions model) {
  /** Checks the ranges that the optimiser and schedule do not. */
  public TrainingOptions {
    if (epochs < 1 || batchSize < 2) {
      throw new IllegalArgumentException(
          "training: needs at least 1 epoch and batches of at least 2 rows, got "
              + epochs
              + " and "
              + batchSize);
    }
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "training: the learning rate must be positive and finite, got " + learningRate);
    }
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException(
          "training: the weight decay must be finite and not negative, got " + weightDecay);
    }
    if (!(floorFraction >= 0 && floorFraction <= 1)) {
      throw new IllegalArgumentException(
          "training: the floor of the schedule must be in [0, 1], got " + floorFraction);
    }
  }

  /**
   * AdamW with rate 2e-3 falling to 5 %, decay 1e-2, batches of 128, the given number of epochs.
   */
  public static TrainingOptions ofEpochs(int epochs) {
    return new TrainingOptions(epochs, 128, 2e-3, 0.05, 1e-2, ModelOptions.defaults());
  }
}
