package org.modalimmune.train;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import org.modalimmune.random.RandomKey;

/** What a training method minimises; the place to plug in a method of one's own. */
public interface Objective {
  /**
   * The loss of one step, on the batch's tape.
   *
   * @param model the model
   * @param batch the rows
   * @param key names the step's draws; fold it, so that no two draws share a stream
   */
  StepLoss loss(MultimodalModel model, Batch batch, RandomKey key);

  /**
   * Called before each step; adaptive methods look at held-out rows here.
   *
   * @param step number of the step to come, from 0
   * @param steps how many there will be
   * @param heldOut losses on the validation rows, computed when asked for
   * @param key names the step's draws, those of {@link #loss} too
   */
  default void adapt(long step, long steps, HeldOutLoss heldOut, RandomKey key) {}

  /** Settings that the hyper-gradient moves; empty by default. */
  default Optional<MetaParameters> metaParameters() {
    return Optional.empty();
  }

  /** How the hyper-gradient is computed; off by default. */
  default HyperGradientOptions hyperGradient() {
    return HyperGradientOptions.off();
  }

  /** How destructive gradients are masked; off by default. */
  default MaskingSettings masking() {
    return MaskingSettings.off();
  }

  /** Learned settings by name, for the report. */
  default SortedMap<String, Double> settings() {
    return Collections.emptySortedMap();
  }
}
