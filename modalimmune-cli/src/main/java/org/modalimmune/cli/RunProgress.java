package org.modalimmune.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.PatternSelection;
import org.modalimmune.train.ComparisonListener;
import org.modalimmune.train.SpecialistsMethod;
import org.modalimmune.train.TrainingMethod;

/** Shows the progress of training runs on standard error: a bar on a terminal, else lines. */
final class RunProgress implements ComparisonListener, AutoCloseable {
  private final WorkMeter meter;
  private final ProgressDisplay display;

  private RunProgress(WorkMeter meter, ProgressDisplay display) {
    this.meter = meter;
    this.display = display;
  }

  /**
   * Starts to show progress.
   *
   * @param err where lines go
   * @param command name before each line
   * @param methods what is trained
   * @param runs how often each
   * @param epochs of each model
   * @param modalities of the data
   * @param workers runs at a time
   */
  static RunProgress start(
      PrintWriter err,
      String command,
      List<TrainingMethod> methods,
      int runs,
      int epochs,
      int modalities,
      int workers) {
    Map<String, WorkMeter.Work> work = new LinkedHashMap<>();
    for (TrainingMethod method : methods) {
      long models =
          method instanceof SpecialistsMethod
              ? PatternSelection.DEFAULT.patterns(modalities).size()
              : 1;
      work.put(method.name(), new WorkMeter.Work(runs, models * epochs));
    }
    WorkMeter meter = new WorkMeter(work, workers, System::nanoTime);
    return new RunProgress(
        meter, Terminal.isStandardError() ? new BarDisplay(meter) : new LineDisplay(err, command));
  }

  /** A run begins with epochs behind it. */
  void onResume(String method, long seed, int epochs) {
    meter.resume(method, seed, epochs);
    show();
  }

  @Override
  public void onEpoch(String method, long seed, EpochRecord record, int epochs) {
    meter.epoch(method, seed);
    show();
  }

  @Override
  public void onRun(String method, long seed, int finished, int total) {
    meter.run(method, seed);
    show();
  }

  private synchronized void show() {
    display.update(meter);
  }

  @Override
  public synchronized void close() {
    display.close();
  }
}
