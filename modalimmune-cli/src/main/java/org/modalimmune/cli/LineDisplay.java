package org.modalimmune.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** Progress as one plain line for every tenth of the work. */
final class LineDisplay implements ProgressDisplay {
  private static final int STEPS = 10;

  private final PrintWriter err;
  private final String command;
  private long shown;

  LineDisplay(PrintWriter err, String command) {
    this.err = err;
    this.command = command;
  }

  @Override
  public void update(WorkMeter meter) {
    long step = meter.doneEpochs() * STEPS / meter.totalEpochs();
    if (step <= shown) {
      return;
    }
    shown = step;
    Optional<Duration> left = meter.left().filter(d -> d.toSeconds() > 0);
    err.println(
        command
            + ": "
            + 100 * step / STEPS
            + " % of the training, "
            + meter.runs()
            + " done"
            + left.map(d -> ", about " + words(d) + " left").orElse(""));
    err.flush();
  }

  @Override
  public void close() {}

  /** A duration as a person would say it, in whole seconds. */
  static String words(Duration time) {
    long seconds = Math.max(0, time.plusMillis(500).toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
