package org.modalimmune.train;

import org.modalimmune.data.TrainingData;

/** A way of training that comparisons can name. */
public interface TrainingMethod {
  /** Name on the command line and in reports. */
  String name();

  /** What it does, in a sentence. */
  String description();

  /**
   * Trains for one seed.
   *
   * @param trainer the loop and its settings
   * @param data training and validation rows
   * @param seed names initial parameters, batches and every other draw
   * @param listener hears of each epoch
   * @throws TrainingDivergedException if the loss stops being finite
   */
  TrainedModel train(
      ImmuneTrainer trainer, TrainingData data, long seed, TrainingListener listener);
}
