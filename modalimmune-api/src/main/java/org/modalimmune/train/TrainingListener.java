package org.modalimmune.train;

import java.util.List;
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

  /**
   * A run continues from a checkpoint; heard once, before the first epoch to come.
   *
   * @param curve the epochs that it has behind it
   * @param epochs how many there will be in all
   */
  default void onResume(List<EpochRecord> curve, int epochs) {}
}
