package org.modalimmune.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All figures of one method over its seeds.
 *
 * @param name the method's name
 * @param description one sentence on what it does; may be empty
 * @param seedValues the seeds, ascending; every {@link Summary} lists its values in this order
 * @param secondsPerSeed mean training time per seed, seconds
 * @param stepsPerSecond mean optimiser steps per second
 * @param full metrics with every modality present
 * @param robustMean mean over the incomplete patterns, told; empty with one modality
 * @param robustWorst minimum over the incomplete patterns, told; empty with one modality
 * @param silentMean mean over the incomplete patterns, silent; empty where not measured
 * @param noiseMean mean over all Gaussian corruptions; empty where not measured
 * @param shuffleMean mean over all shuffled modalities; empty where not measured
 * @param patterns every evaluated pattern in natural order, the full one first
 * @param corruptions every corruption
 * @param reconstruction per modality; may be empty
 * @param severity robustness per severity; empty where not measured
 * @param curve training curve averaged over seeds; may be empty
 * @param metaParameters learned hyper-parameters by name; may be empty
 */
public record MethodReport(
    String name,
    String description,
    List<Long> seedValues,
    double secondsPerSeed,
    double stepsPerSecond,
    MetricSummary full,
    Optional<RobustSummary> robustMean,
    Optional<RobustSummary> robustWorst,
    Optional<RobustSummary> silentMean,
    Optional<RobustSummary> noiseMean,
    Optional<RobustSummary> shuffleMean,
    List<PatternResult> patterns,
    List<CorruptionResult> corruptions,
    List<ReconstructionResult> reconstruction,
    List<SeverityResult> severity,
    List<CurvePoint> curve,
    Map<String, Summary> metaParameters) {

  /** Copies the collections. */
  public MethodReport {
    seedValues = List.copyOf(seedValues);
    patterns = List.copyOf(patterns);
    corruptions = List.copyOf(corruptions);
    reconstruction = List.copyOf(reconstruction);
    severity = List.copyOf(severity);
    curve = List.copyOf(curve);
    metaParameters = Collections.unmodifiableMap(new LinkedHashMap<>(metaParameters));
  }

  /**
   * The number of seeds.
   *
   * @return n
   */
  public int seeds() {
    return seedValues.size();
  }
}
