package org.modalimmune.train;

import org.modalimmune.evaluate.EpochRecord;

/** Hears of each finished epoch; may be called from a worker thread. */
@FunctionalInterface
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = (record, epochs) -> {};

  /**
   * One epoch is done.
   *
   * @param record its losses
   * @param epochs how many there will be
   */
  void onEpoch(EpochRecord record, int epochs);
}
