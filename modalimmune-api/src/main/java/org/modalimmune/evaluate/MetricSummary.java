package org.modalimmune.evaluate;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The classification metrics of one situation, each summarised over seeds.
 *
 * @param accuracy share of correct samples, 0 to 1
 * @param balancedAccuracy mean recall over occurring classes, 0 to 1
 * @param f1Macro mean F1, 0 to 1
 * @param crossEntropy mean negative log-probability of the label, nats
 * @see ClassificationMetrics
 */
public record MetricSummary(
    Summary accuracy, Summary balancedAccuracy, Summary f1Macro, Summary crossEntropy) {

  /**
   * Summarises one situation over seeds.
   *
   * @param perSeed the metrics, one per seed in ascending order of the seeds
   * @return the summaries
   * @throws IllegalArgumentException if the list is empty
   */
  public static MetricSummary of(List<ClassificationMetrics> perSeed) {
    return new MetricSummary(
        summarise(perSeed, ClassificationMetrics::accuracy),
        summarise(perSeed, ClassificationMetrics::balancedAccuracy),
        summarise(perSeed, ClassificationMetrics::f1Macro),
        summarise(perSeed, ClassificationMetrics::crossEntropy));
  }

  private static Summary summarise(
      List<ClassificationMetrics> perSeed, ToDoubleFunction<ClassificationMetrics> metric) {
    return Summary.of(perSeed.stream().mapToDouble(metric).toArray());
  }
}
