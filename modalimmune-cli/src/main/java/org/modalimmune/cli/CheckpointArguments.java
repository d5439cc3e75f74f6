package org.modalimmune.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.modalimmune.train.CheckpointOptions;
import picocli.CommandLine.Option;

/** Where a run is saved on the way, and whether it continues a saved one. */
final class CheckpointArguments {
  private static final int EVERY = 1;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Save on the way what the run can be continued from, such as run.checkpoint; must not"
              + " exist yet. Default: the file of --resume, and without it nothing is saved.")
  private Optional<Path> checkpoint = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "EPOCHS",
      description = "Epochs between checkpoints, at least 1. Default: " + EVERY + ".")
  private Optional<Integer> every = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Continue from this checkpoint, to the same result as without interruption; all other"
              + " options and the data as they were. Default: begin anew.")
  private Optional<Path> resume = Optional.empty();

  /**
   * The checkpoints of a run; empty without.
   *
   * @param model the model file, which must not be one of them
   */
  Optional<CheckpointOptions> options(Path model) {
    Optional<Path> file = checkpoint.or(() -> resume);
    if (file.isEmpty()) {
      if (every.isPresent()) {
        throw new UsageException("--checkpoint-every: nothing is saved; name a --checkpoint too");
      }
      return Optional.empty();
    }
    refuseModel("--checkpoint", checkpoint, model);
    refuseModel("--resume", resume, model);
    return Optional.of(
        UsageException.checked(
            () -> new CheckpointOptions(file.get(), every.orElse(EVERY), resume)));
  }

  private static void refuseModel(String option, Optional<Path> file, Path model) {
    Path there = model.toAbsolutePath().normalize();
    if (file.filter(f -> f.toAbsolutePath().normalize().equals(there)).isPresent()) {
      throw new UsageException(
          option + ": the model of --out would replace '" + model + "'; name two files");
    }
  }
}
