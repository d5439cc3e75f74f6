package org.modalimmune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.modalimmune.io.AtomicFile;
import org.modalimmune.io.DataException;

/**
 * Where a run saves what it continues from, and whether it begins by continuing.
 *
 * @param file the checkpoint, replaced by each later one; must not exist unless it is the one
 *     continued from, so that no run destroys another's work
 * @param everyEpochs epochs between checkpoints, at least 1; there is one after the last epoch too
 * @param resume checkpoint to continue from; empty to begin anew
 */
public record CheckpointOptions(Path file, int everyEpochs, Optional<Path> resume) {
  /** Checks the range. */
  public CheckpointOptions {
    if (everyEpochs < 1) {
      throw new IllegalArgumentException(
          "checkpoint: there must be at least 1 epoch between checkpoints, got " + everyEpochs);
    }
  }

  /** A new run, saved after every epoch. */
  public static CheckpointOptions to(Path file) {
    return new CheckpointOptions(file, 1, Optional.empty());
  }

  /** A run continued from a file, and saved to it after every epoch. */
  public static CheckpointOptions resuming(Path file) {
    return new CheckpointOptions(file, 1, Optional.of(file));
  }

  /** The same with other intervals. */
  public CheckpointOptions withEveryEpochs(int epochs) {
    return new CheckpointOptions(file, epochs, resume);
  }

  /**
   * Makes sure that the checkpoint to continue from is there, and that later ones can be written
   * without harm to another run's. Training does so too; call it before long work that precedes.
   *
   * @throws DataException if not
   */
  public void requireUsable() {
    AtomicFile.requireWritable(file);
    if (resume.isPresent() && !Files.isRegularFile(resume.get())) {
      throw new DataException(
          resume.get() + ": no such file; name a checkpoint, or begin anew without one");
    }
    if (Files.exists(file) && !isResumed()) {
      throw new DataException(
          "cannot write '"
              + file
              + "': a checkpoint would replace it; continue from it, remove it or name another"
              + " file");
    }
  }

  private boolean isResumed() {
    try {
      return resume.isPresent() && Files.isSameFile(resume.get(), file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
