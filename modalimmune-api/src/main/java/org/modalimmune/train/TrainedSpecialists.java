package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Standardizer;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.MultimodalPredictor;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;

/** One model per presence pattern; each row is answered by the specialist of what is told. */
final class TrainedSpecialists implements TrainedModel, MultimodalPredictor {
  private final Map<PresencePattern, TrainedModel> models;
  private final TrainedModel full;

  TrainedSpecialists(Map<PresencePattern, TrainedModel> models) {
    this.models = new LinkedHashMap<>(models);
    this.full =
        models.entrySet().stream()
            .filter(e -> e.getKey().isFull())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
  }

  @Override
  public MultimodalPredictor predictor() {
    return this;
  }

  @Override
  public int classes() {
    return full.predictor().classes();
  }

  /** Specialists are only ever told the truth. */
  @Override
  public boolean supports(Presentation presentation) {
    return presentation.told().equals(presentation.real())
        && models.containsKey(presentation.told());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a row lacks a modality by itself: its specialist is
   *     another one
   */
  @Override
  public List<double[]> probabilities(
      List<FeatureMatrix> features, List<Presentation> presentations) {
    for (FeatureMatrix x : features) {
      if (x.presentRows() != x.rows()) {
        throw new IllegalArgumentException(
            "specialists: rows that lack modalities by themselves are not supported");
      }
    }
    List<double[]> results = new ArrayList<>();
    for (Presentation p : presentations) {
      TrainedModel specialist = models.get(p.told());
      if (!supports(p) || specialist == null) {
        throw new IllegalArgumentException("specialists: there is none for " + p);
      }
      int present = p.told().size();
      results.add(
          specialist
              .predictor()
              .probabilities(
                  SpecialistsMethod.keep(features, p.told()),
                  List.of(Presentation.told(PresencePattern.full(present))))
              .getFirst());
    }
    return results;
  }

  @Override
  public Optional<double[]> reconstruct(
      List<FeatureMatrix> features, Presentation presentation, int modality) {
    return Optional.empty();
  }

  @Override
  public Standardizer standardizer() {
    return full.standardizer();
  }

  @Override
  public List<EpochRecord> curve() {
    return full.curve();
  }

  @Override
  public SortedMap<String, Double> settings() {
    return Collections.emptySortedMap();
  }

  @Override
  public double seconds() {
    return models.values().stream().mapToDouble(TrainedModel::seconds).sum();
  }

  @Override
  public double stepsPerSecond() {
    double steps = 0;
    for (TrainedModel m : models.values()) {
      steps += m.stepsPerSecond() * m.seconds();
    }
    return steps / seconds();
  }

  @Override
  public void close() {
    models.values().forEach(TrainedModel::close);
  }
}
