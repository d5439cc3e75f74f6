package org.modalimmune.cli.report;

import java.util.Arrays;
import org.modalimmune.evaluate.ComparisonMetric;

/** Names of compared figures for people. */
final class FigureNames {

  private FigureNames() {}

  /** {@code robustMean.balancedAccuracy} becomes {@code robust mean, balanced}. */
  static String of(String reportName) {
    return Arrays.stream(ComparisonMetric.values())
        .filter(metric -> metric.reportName().equals(reportName))
        .findFirst()
        .map(FigureNames::label)
        .orElse(reportName);
  }

  private static String label(ComparisonMetric metric) {
    return switch (metric) {
      case FULL_ACCURACY -> "full";
      case FULL_BALANCED -> "full, balanced";
      case ROBUST_MEAN_ACCURACY -> "robust mean";
      case ROBUST_MEAN_BALANCED -> "robust mean, balanced";
      case ROBUST_WORST_ACCURACY -> "robust worst";
      case ROBUST_WORST_BALANCED -> "robust worst, balanced";
      case SILENT_MEAN_ACCURACY -> "silent";
      case NOISE_MEAN_ACCURACY -> "noise";
      case SHUFFLE_MEAN_ACCURACY -> "shuffled";
    };
  }
}
