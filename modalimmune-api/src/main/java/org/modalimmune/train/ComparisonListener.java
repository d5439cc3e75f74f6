package org.modalimmune.train;

import org.modalimmune.evaluate.EpochRecord;

/** Hears of the progress of a comparison; called from worker threads, several at a time. */
public interface ComparisonListener {
  /**
   * An epoch of one run is done.
   *
   * @param method name of the method
   * @param seed seed of the run
   * @param record its losses
   * @param epochs how many epochs the model has
   */
  void onEpoch(String method, long seed, EpochRecord record, int epochs);

  /**
   * A run is trained and evaluated.
   *
   * @param finished runs done so far, this one included
   * @param total runs in all
   */
  void onRun(String method, long seed, int finished, int total);
}
