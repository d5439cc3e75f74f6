package org.modalimmune.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts finished epochs and runs, and estimates the time left from each method's own pace: an
 * epoch of one method may take four times as long as another's. Thread-safe.
 */
final class WorkMeter {
  private static final double NANOS = 1e9;

  private final Map<String, Pace> paces = new LinkedHashMap<>();
  private final Map<Run, Long> lastTick = new HashMap<>();
  private final long totalEpochs;
  private final int totalRuns;
  private final int workers;
  private final LongSupplier clock;
  private long doneEpochs;
  private int doneRuns;

  /**
   * The work of one method.
   *
   * @param runs how often it is trained
   * @param epochsPerRun epochs of one run, over all models that the run trains
   */
  record Work(int runs, long epochsPerRun) {}

  private record Run(String method, long seed) {}

  private static final class Pace {
    private long epochsLeft;
    private int runsLeft;
    private long timedEpochs;
    private double epochSeconds;
    private long timedEvaluations;
    private double evaluationSeconds;

    double left(double elsewhere) {
      double epoch = timedEpochs == 0 ? elsewhere : epochSeconds / timedEpochs;
      double evaluation = timedEvaluations == 0 ? 0 : evaluationSeconds / timedEvaluations;
      return epochsLeft * epoch + runsLeft * evaluation;
    }
  }

  /**
   * A meter.
   *
   * @param work by name of the method
   * @param workers runs at a time
   * @param clock nanoseconds from any origin
   */
  WorkMeter(Map<String, Work> work, int workers, LongSupplier clock) {
    long epochs = 0;
    int runs = 0;
    for (Map.Entry<String, Work> entry : work.entrySet()) {
      Pace pace = new Pace();
      pace.runsLeft = entry.getValue().runs();
      pace.epochsLeft = entry.getValue().runs() * entry.getValue().epochsPerRun();
      epochs += pace.epochsLeft;
      runs += pace.runsLeft;
      paces.put(entry.getKey(), pace);
    }
    this.totalEpochs = epochs;
    this.totalRuns = runs;
    this.workers = workers;
    this.clock = clock;
  }

  /** An epoch of a run is done. */
  synchronized void epoch(String method, long seed) {
    Pace pace = pace(method);
    pace.epochsLeft--;
    doneEpochs++;
    long now = clock.getAsLong();
    Long before = lastTick.put(new Run(method, seed), now);
    if (before != null) {
      pace.timedEpochs++;
      pace.epochSeconds += (now - before) / NANOS;
    }
  }

  /** A run begins with epochs behind it, which say nothing of its pace. */
  synchronized void resume(String method, long seed, int epochs) {
    pace(method).epochsLeft -= epochs;
    doneEpochs += epochs;
    lastTick.put(new Run(method, seed), clock.getAsLong());
  }

  /** A run is trained and evaluated. */
  synchronized void run(String method, long seed) {
    Pace pace = pace(method);
    pace.runsLeft--;
    doneRuns++;
    Long before = lastTick.remove(new Run(method, seed));
    if (before != null) {
      pace.timedEvaluations++;
      pace.evaluationSeconds += (clock.getAsLong() - before) / NANOS;
    }
  }

  synchronized long totalEpochs() {
    return totalEpochs;
  }

  synchronized long doneEpochs() {
    return doneEpochs;
  }

  synchronized String runs() {
    return doneRuns + " of " + totalRuns + (totalRuns == 1 ? " run" : " runs");
  }

  /** The time left; empty until two epochs of one run are done. */
  synchronized Optional<Duration> left() {
    long timed = paces.values().stream().mapToLong(p -> p.timedEpochs).sum();
    if (timed == 0) {
      return Optional.empty();
    }
    double elsewhere = paces.values().stream().mapToDouble(p -> p.epochSeconds).sum() / timed;
    double seconds = paces.values().stream().mapToDouble(p -> p.left(elsewhere)).sum();
    int busy = Math.clamp(totalRuns - doneRuns, 1, workers);
    return Optional.of(Duration.ofMillis(Math.round(1000 * seconds / busy)));
  }

  private Pace pace(String method) {
    Pace pace = paces.get(method);
    if (pace == null) {
      throw new IllegalArgumentException("work meter: no work was announced for " + method);
    }
    return pace;
  }
}
