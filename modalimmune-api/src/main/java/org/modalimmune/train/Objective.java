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

  /**
   * The method's settings by name: a run is continued with equal ones alone. Two objectives that
   * differ in any that changes a loss must differ here; empty by default.
   */
  default SortedMap<String, String> configuration() {
    return Collections.emptySortedMap();
  }

  /**
   * All that later losses depend on beside the model's parameters, the meta-parameters' values and
   * the keys; asked for between steps. Empty by default: a loss that remembers nothing.
   */
  default TrainingState state() {
    return TrainingState.empty();
  }

  /**
   * Continues from a state; what follows is what followed when it was saved, bit for bit. Called
   * before the first step.
   *
   * @param state of an objective with the same settings
   * @throws IllegalArgumentException if it is not; the objective is then not used further
   */
  default void restore(TrainingState state) {
    state.requireOnly(Collections.emptySet());
  }

  /** Learned settings by name, for the report. */
  default SortedMap<String, Double> settings() {
    return Collections.emptySortedMap();
  }
}
