package org.modalimmune.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything measured on the test split for one method and one seed. {@link ReportBuilder} turns
 * the results of all seeds into a {@link MethodReport}.
 *
 * @param seed the seed, the key by which methods are paired
 * @param told metrics per presence pattern when the model is told what is absent; holds the full
 *     pattern
 * @param silent metrics per incomplete pattern when absent modalities are replaced by zeros (the
 *     training mean) and the model is told that all are present; empty for methods that have no
 *     single model (specialists)
 * @param corruptions metrics per unannounced corruption; may be empty
 * @param reconstruction R2 per modality name, reconstructed from all the others; may be empty
 * @param severity robust mean per severity; may be empty
 * @param curve the epochs in order; may be empty
 * @param metaParameters learned hyper-parameters by name at the selected epoch; may be empty
 * @param seconds wall-clock time of training, seconds
 * @param stepsPerSecond optimiser steps per second of training
 */
public record SeedResult(
    long seed,
    SortedMap<PresencePattern, ClassificationMetrics> told,
    SortedMap<PresencePattern, ClassificationMetrics> silent,
    Map<Corruption, ClassificationMetrics> corruptions,
    Map<String, Double> reconstruction,
    List<SeverityValue> severity,
    List<EpochRecord> curve,
    Map<String, Double> metaParameters,
    double seconds,
    double stepsPerSecond) {

  /**
   * Copies the collections (keeping their order) and checks the parts.
   *
   * @throws IllegalArgumentException if the full pattern is missing, a silent pattern was not also
   *     measured told, or a time is negative or not finite
   */
  public SeedResult {
    told = Collections.unmodifiableSortedMap(new TreeMap<>(told));
    silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    corruptions = Collections.unmodifiableMap(new LinkedHashMap<>(corruptions));
    reconstruction = Collections.unmodifiableMap(new LinkedHashMap<>(reconstruction));
    severity = List.copyOf(severity);
    curve = List.copyOf(curve);
    metaParameters = Collections.unmodifiableMap(new LinkedHashMap<>(metaParameters));
    if (told.isEmpty() || !told.firstKey().isFull()) {
      throw new IllegalArgumentException(
          "seed result: seed " + seed + " has no metrics for the full pattern");
    }
    if (!told.keySet().containsAll(silent.keySet())) {
      throw new IllegalArgumentException(
          "seed result: seed " + seed + " has a silent pattern that was not also measured told");
    }
    if (!(seconds >= 0 && stepsPerSecond >= 0) || Double.isInfinite(seconds + stepsPerSecond)) {
      throw new IllegalArgumentException(
          "seed result: seed "
              + seed
              + " took "
              + seconds
              + " s at "
              + stepsPerSecond
              + " steps/s; both must be finite and >= 0");
    }
  }

  /**
   * A result with told patterns only; add the rest with the {@code with} methods.
   *
   * @param seed the seed
   * @param told metrics per pattern, with the full one
   * @param seconds training time, seconds
   * @param stepsPerSecond optimiser steps per second
   * @return the result
   */
  public static SeedResult told(
      long seed,
      SortedMap<PresencePattern, ClassificationMetrics> told,
      double seconds,
      double stepsPerSecond) {
    return new SeedResult(
        seed,
        told,
        Collections.emptySortedMap(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        seconds,
        stepsPerSecond);
  }

  /**
   * This result with the silent metrics.
   *
   * @param metrics per incomplete pattern
   * @return a new result
   */
  public SeedResult withSilent(SortedMap<PresencePattern, ClassificationMetrics> metrics) {
    return new SeedResult(
        seed,
        told,
        metrics,
        corruptions,
        reconstruction,
        severity,
        curve,
        metaParameters,
        seconds,
        stepsPerSecond);
  }

  /**
   * This result with the corruption metrics.
   *
   * @param metrics per corruption, in the order to report
   * @return a new result
   */
  public SeedResult withCorruptions(Map<Corruption, ClassificationMetrics> metrics) {
    return new SeedResult(
        seed,
        told,
        silent,
        metrics,
        reconstruction,
        severity,
        curve,
        metaParameters,
        seconds,
        stepsPerSecond);
  }

  /**
   * This result with reconstruction figures.
   *
   * @param r2 per modality name, in the order to report
   * @return a new result
   */
  public SeedResult withReconstruction(Map<String, Double> r2) {
    return new SeedResult(
        seed,
        told,
        silent,
        corruptions,
        r2,
        severity,
        curve,
        metaParameters,
        seconds,
        stepsPerSecond);
  }

  /**
   * This result with a severity sweep.
   *
   * @param values in the order to report
   * @return a new result
   */
  public SeedResult withSeverity(List<SeverityValue> values) {
    return new SeedResult(
        seed,
        told,
        silent,
        corruptions,
        reconstruction,
        values,
        curve,
        metaParameters,
        seconds,
        stepsPerSecond);
  }

  /**
   * This result with what training recorded.
   *
   * @param epochs the epochs in order
   * @param learned learned hyper-parameters by name
   * @return a new result
   */
  public SeedResult withTraining(List<EpochRecord> epochs, Map<String, Double> learned) {
    return new SeedResult(
        seed,
        told,
        silent,
        corruptions,
        reconstruction,
        severity,
        epochs,
        learned,
        seconds,
        stepsPerSecond);
  }
}
