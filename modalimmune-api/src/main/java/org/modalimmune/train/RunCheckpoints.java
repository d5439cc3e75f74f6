package org.modalimmune.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.io.DataException;

/** The checkpoints of one run: the one it continues from, and those it writes. */
final class RunCheckpoints {
  private static final String PROGRESS = "progress";
  private static final String RUN = "run";
  private static final String LOSS = "train-loss";
  private static final String HELD_OUT = "validation-cross-entropy";
  private static final String SECONDS = "seconds";

  private final CheckpointOptions options;
  private final RunIdentity identity;
  private final RunState state;
  private final int epochs;
  private final long start;
  private double earlierSeconds;

  /**
   * @param options where to write
   * @param identity of the run
   * @param state of the run, live
   * @param epochs of the whole run
   * @param start nanosecond clock when this part of the run began
   */
  RunCheckpoints(
      CheckpointOptions options, RunIdentity identity, RunState state, int epochs, long start) {
    this.options = options;
    this.identity = identity;
    this.state = state;
    this.epochs = epochs;
    this.start = start;
  }

  /**
   * The checkpoint to continue from, if there is to be one.
   *
   * @throws DataException if it cannot be read, or later ones cannot be written
   */
  static Optional<CheckpointContent> read(CheckpointOptions options) {
    options.requireUsable();
    return options.resume().map(CheckpointFile::read);
  }

  /**
   * Continues the run.
   *
   * @return the epochs behind it
   * @throws DataException if the checkpoint is of another run or does not fit; the run must not
   *     begin then
   */
  List<EpochRecord> resume(CheckpointContent stored) {
    Path file = options.resume().orElse(options.file());
    identity.requireSame(file, stored.identity());
    try {
      stored.state().requireOnly(Set.of(PROGRESS, RUN));
      TrainingState progress = stored.state().part(PROGRESS);
      progress.requireOnly(Set.of(LOSS, HELD_OUT, SECONDS));
      List<EpochRecord> curve = curve(progress);
      double seconds = progress.number(SECONDS);
      state.restore(stored.tensors(), stored.state().part(RUN));
      earlierSeconds = seconds;
      return curve;
    } catch (IllegalArgumentException e) {
      throw new DataException(
          file + ": a checkpoint that does not fit this run: " + e.getMessage() + "; begin anew",
          e);
    }
  }

  private List<EpochRecord> curve(TrainingState progress) {
    double[] losses = progress.array(LOSS);
    double[] heldOut = progress.array(HELD_OUT, losses.length);
    if (losses.length < 1 || losses.length > epochs) {
      throw new IllegalArgumentException(
          "there are " + losses.length + " epochs behind it, of " + epochs);
    }
    List<EpochRecord> curve = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      curve.add(new EpochRecord(i + 1, losses[i], OptionalDouble.of(heldOut[i])));
    }
    return curve;
  }

  /** Time of the run so far, that of its earlier parts included. */
  double seconds() {
    return earlierSeconds + (System.nanoTime() - start) / 1e9;
  }

  /**
   * Writes a checkpoint if one is due.
   *
   * @param curve epochs so far
   * @throws DataException if writing fails; the checkpoint before is untouched
   * @throws TrainingDivergedException if a parameter is NaN or infinite; likewise
   */
  void afterEpoch(List<EpochRecord> curve) {
    int epoch = curve.size();
    if (epoch % options.everyEpochs() != 0 && epoch != epochs) {
      return;
    }
    double[] losses = curve.stream().mapToDouble(EpochRecord::trainLoss).toArray();
    double[] heldOut =
        curve.stream().mapToDouble(r -> r.validationCrossEntropy().orElseThrow()).toArray();
    TrainingState progress =
        TrainingState.of(
            Map.of(LOSS, losses, HELD_OUT, heldOut, SECONDS, new double[] {seconds()}));
    TrainingState all = TrainingState.ofParts(Map.of(PROGRESS, progress, RUN, state.state()));
    try {
      CheckpointFile.write(options.file(), new CheckpointContent(identity, state.tensors(), all));
    } catch (IOException e) {
      throw new DataException(
          "checkpoint '"
              + options.file()
              + "': cannot be written after epoch "
              + epoch
              + ": "
              + e.getMessage()
              + "; the one before is untouched: make room and continue from it",
          e);
    }
  }
}
