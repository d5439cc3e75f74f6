package org.modalimmune.train;

import org.modalimmune.data.TrainingData;

/**
 * A method that trains one model by one objective.
 *
 * @param name name on the command line and in reports
 * @param description what it does, in a sentence
 * @param objective makes the objective of a run
 */
public record SingleModelMethod(String name, String description, ObjectiveFactory objective)
    implements TrainingMethod {
  @Override
  public TrainedModel train(
      ImmuneTrainer trainer, TrainingData data, long seed, TrainingListener listener) {
    return trainer.train(data, name, objective, seed, listener);
  }
}
