package org.modalimmune.cli;

import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Option;

/** Settings of the training loop. */
final class LoopArguments {
  /** Enough for the methods that see the most variety; fewer favour the simplest. */
  static final int EPOCHS = 70;

  private static final TrainingOptions DEFAULTS = TrainingOptions.ofEpochs(EPOCHS);

  @Option(
      names = "--epochs",
      paramLabel = "E",
      description =
          "Passes over the training rows. Train until more epochs stop helping: too few favour"
              + " whichever method sees more data. Default: ${DEFAULT-VALUE}.")
  private int epochs = DEFAULTS.epochs();

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Rows per step, at least 2. Default: ${DEFAULT-VALUE}.")
  private int batch = DEFAULTS.batchSize();

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "Peak of AdamW's cosine schedule, no unit, above 0; it falls to 5 %%. Default:"
              + " ${DEFAULT-VALUE}.")
  private double learningRate = DEFAULTS.learningRate();

  @Option(
      names = "--weight-decay",
      paramLabel = "DECAY",
      description =
          "Decoupled decay of weight matrices per unit of learning rate, at least 0. Default:"
              + " ${DEFAULT-VALUE}.")
  private double weightDecay = DEFAULTS.weightDecay();

  TrainingOptions options() {
    return UsageException.checked(
        () ->
            new TrainingOptions(
                epochs,
                batch,
                learningRate,
                DEFAULTS.floorFraction(),
                weightDecay,
                DEFAULTS.model()));
  }
}
