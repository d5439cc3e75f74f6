package org.modalimmune.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.evaluate.PatternSelection;
import org.modalimmune.evaluate.PresencePattern;

/** One plain model for each presence pattern: the upper reference, at the price of many models. */
public final class SpecialistsMethod implements TrainingMethod {
  /** The method; it has no settings of its own. */
  public SpecialistsMethod() {}

  @Override
  public String name() {
    return "specialists";
  }

  @Override
  public String description() {
    return "one plain model for each presence pattern (upper reference)";
  }

  @Override
  public TrainedModel train(
      ImmuneTrainer trainer, TrainingData data, long seed, TrainingListener listener) {
    if (trainer.checkpoints().isPresent()) {
      throw new IllegalArgumentException(
          "specialists: many models are trained, and a checkpoint continues one; train without");
    }
    Map<PresencePattern, TrainedModel> models = new LinkedHashMap<>();
    boolean done = false;
    try {
      int modalities = data.schema().modalities().size();
      for (PresencePattern p : PatternSelection.DEFAULT.patterns(modalities)) {
        models.put(p, Methods.plain().train(trainer, restrict(data, p), seed, listener));
      }
      done = true;
      return new TrainedSpecialists(models);
    } finally {
      if (!done) {
        models.values().forEach(TrainedModel::close);
      }
    }
  }

  private static TrainingData restrict(TrainingData data, PresencePattern pattern) {
    List<Modality> kept = keep(data.schema().modalities(), pattern);
    return new TrainingData(
        data.name(),
        new DatasetSchema(kept, data.schema().classNames()),
        restrict(data.train(), kept, pattern),
        restrict(data.validation(), kept, pattern),
        data.notes());
  }

  private static MultimodalSplit restrict(
      MultimodalSplit split, List<Modality> kept, PresencePattern pattern) {
    return new MultimodalSplit(
        kept, keep(split.features(), pattern), split.labels(), split.ids(), split.groups());
  }

  /** The entries of the present modalities. */
  static <T> List<T> keep(List<T> perModality, PresencePattern pattern) {
    List<T> kept = new ArrayList<>();
    for (int m = 0; m < perModality.size(); m++) {
      if (pattern.isPresent(m)) {
        kept.add(perModality.get(m));
      }
    }
    return kept;
  }
}
