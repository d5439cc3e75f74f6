package org.modalimmune.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * Measures a finished model on standardised rows: every pattern told and silent, noise and
 * shuffling per modality, reconstruction. The corruptions are drawn from the seed alone, so that
 * all methods of one seed meet the same ones.
 */
public final class Evaluator {
  private static final List<Double> NOISE_LEVELS = List.of(1.0, 2.0, 4.0);

  private final List<String> modalityNames;
  private final List<FeatureMatrix> features;
  private final int[] labels;
  private final List<PresencePattern> patterns;

  /**
   * An evaluation on given rows.
   *
   * @param modalityNames one per modality
   * @param features standardised, one matrix per modality
   * @param labels one class index per row
   * @param patterns the patterns to measure, the full one among them
   */
  public Evaluator(
      List<String> modalityNames,
      List<FeatureMatrix> features,
      int[] labels,
      List<PresencePattern> patterns) {
    if (modalityNames.size() != features.size()
        || features.stream().anyMatch(f -> f.rows() != labels.length)) {
      throw new IllegalArgumentException(
          "evaluator: needs one matrix per modality with one row per label");
    }
    this.modalityNames = List.copyOf(modalityNames);
    this.features = List.copyOf(features);
    this.labels = labels.clone();
    this.patterns = List.copyOf(patterns);
  }

  /**
   * Measures everything the model supports.
   *
   * @param model the model
   * @param seed names the corruptions' draws
   * @param seconds training time for the result
   * @param stepsPerSecond training speed for the result
   */
  public SeedResult evaluate(
      MultimodalPredictor model, long seed, double seconds, double stepsPerSecond) {
    return SeedResult.told(seed, told(model), seconds, stepsPerSecond)
        .withSilent(silent(model))
        .withCorruptions(corruptions(model, RandomKey.of(seed).fold("evaluate")))
        .withReconstruction(reconstruction(model));
  }

  private SortedMap<PresencePattern, ClassificationMetrics> told(MultimodalPredictor model) {
    return measure(model, patterns, patterns.stream().map(Presentation::told).toList());
  }

  private SortedMap<PresencePattern, ClassificationMetrics> silent(MultimodalPredictor model) {
    List<PresencePattern> incomplete =
        patterns.stream()
            .filter(p -> !p.isFull() && model.supports(Presentation.silent(p)))
            .toList();
    return measure(model, incomplete, incomplete.stream().map(Presentation::silent).toList());
  }

  private SortedMap<PresencePattern, ClassificationMetrics> measure(
      MultimodalPredictor model, List<PresencePattern> keys, List<Presentation> shown) {
    List<double[]> probabilities = model.probabilities(features, shown);
    SortedMap<PresencePattern, ClassificationMetrics> metrics = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      metrics.put(
          keys.get(i), ClassificationMetrics.of(probabilities.get(i), labels, model.classes()));
    }
    return metrics;
  }

  private Map<Corruption, ClassificationMetrics> corruptions(
      MultimodalPredictor model, RandomKey key) {
    Map<Corruption, ClassificationMetrics> results = new LinkedHashMap<>();
    Presentation full = Presentation.told(PresencePattern.full(features.size()));
    if (!model.supports(full)) {
      return results;
    }
    for (int m = 0; m < features.size(); m++) {
      String name = modalityNames.get(m);
      for (double level : NOISE_LEVELS) {
        results.put(
            Corruption.gaussian(name, level),
            measureOne(
                model, full, m, noisy(features.get(m), level, key.fold(m).fold((long) level))));
      }
      results.put(
          Corruption.shuffle(name),
          measureOne(model, full, m, shuffled(features.get(m), key.fold(m).fold("shuffle"))));
    }
    return results;
  }

  private ClassificationMetrics measureOne(
      MultimodalPredictor model, Presentation shown, int modality, FeatureMatrix replacement) {
    List<FeatureMatrix> corrupted = new ArrayList<>(features);
    corrupted.set(modality, replacement);
    return ClassificationMetrics.of(
        model.probabilities(corrupted, List.of(shown)).getFirst(), labels, model.classes());
  }

  private static FeatureMatrix noisy(FeatureMatrix x, double level, RandomKey key) {
    RandomStream random = new RandomStream(key);
    double[] values = x.toArray();
    boolean[] present = new boolean[x.rows()];
    for (int i = 0; i < x.rows(); i++) {
      present[i] = x.isPresent(i);
      for (int j = 0; j < x.columns(); j++) {
        values[i * x.columns() + j] += level * random.nextGaussian();
      }
    }
    return FeatureMatrix.of(x.columnNames(), values, present);
  }

  private static FeatureMatrix shuffled(FeatureMatrix x, RandomKey key) {
    int[] rows = new int[x.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    new RandomStream(key).shuffle(rows);
    return x.selectRows(rows);
  }

  /** R2 of each modality from all the others; pooled over columns. */
  private Map<String, Double> reconstruction(MultimodalPredictor model) {
    Map<String, Double> r2 = new LinkedHashMap<>();
    if (features.size() < 2) {
      return r2;
    }
    for (int m = 0; m < features.size(); m++) {
      Presentation others = Presentation.told(PresencePattern.without(m, features.size()));
      if (!model.supports(others)) {
        continue;
      }
      Optional<double[]> predicted = model.reconstruct(features, others, m);
      int modality = m;
      predicted.ifPresent(
          p ->
              r2.put(
                  modalityNames.get(modality),
                  ReconstructionMetrics.r2(
                      features.get(modality).toArray(), p, features.get(modality).columns())));
    }
    return r2;
  }
}
