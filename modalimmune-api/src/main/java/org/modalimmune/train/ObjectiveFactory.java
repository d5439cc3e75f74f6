package org.modalimmune.train;

import java.util.List;
import org.modalimmune.backend.Ops;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.tensor.Tensor;

/** Makes a method's objective for one training run. */
@FunctionalInterface
public interface ObjectiveFactory {
  /**
   * What a run knows before its first step.
   *
   * @param ops its scope lives as long as the run
   * @param modalities names
   * @param features standardised training features, one [N, n_m] per modality
   * @param labels class index of each training row
   * @param classes number of classes C
   * @param patterns the presence patterns that selection and evaluation look at
   * @param steps training steps of the run
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over for one run, not a value to compare
  record Context(
      Ops ops,
      List<String> modalities,
      List<Tensor> features,
      int[] labels,
      int classes,
      List<PresencePattern> patterns,
      long steps) {}

  /** The objective for one run. */
  Objective create(Context context);
}
