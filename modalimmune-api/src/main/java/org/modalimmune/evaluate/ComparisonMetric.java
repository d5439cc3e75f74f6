package org.modalimmune.evaluate;

import java.util.Optional;

/** The figures in which methods are compared; larger is better in each. */
public enum ComparisonMetric {
  /** Accuracy with every modality. */
  FULL_ACCURACY("full.accuracy"),
  /** Balanced accuracy with every modality. */
  FULL_BALANCED("full.balancedAccuracy"),
  /** Mean told accuracy over the incomplete patterns. */
  ROBUST_MEAN_ACCURACY("robustMean.accuracy"),
  /** Mean told balanced accuracy over the incomplete patterns. */
  ROBUST_MEAN_BALANCED("robustMean.balancedAccuracy"),
  /** Minimum told accuracy over the incomplete patterns. */
  ROBUST_WORST_ACCURACY("robustWorst.accuracy"),
  /** Minimum told balanced accuracy over the incomplete patterns. */
  ROBUST_WORST_BALANCED("robustWorst.balancedAccuracy");

  private final String reportName;

  ComparisonMetric(String reportName) {
    this.reportName = reportName;
  }

  /**
   * The name used in reports: the path of the figure inside a method's object.
   *
   * @return for example {@code robustMean.accuracy}
   */
  public String reportName() {
    return reportName;
  }

  /**
   * The figure of a method.
   *
   * @param method the method's report
   * @return its summary; empty if there are no incomplete patterns
   */
  public Optional<Summary> of(MethodReport method) {
    return switch (this) {
      case FULL_ACCURACY -> Optional.of(method.full().accuracy());
      case FULL_BALANCED -> Optional.of(method.full().balancedAccuracy());
      case ROBUST_MEAN_ACCURACY -> method.robustMean().map(RobustSummary::accuracy);
      case ROBUST_MEAN_BALANCED -> method.robustMean().map(RobustSummary::balancedAccuracy);
      case ROBUST_WORST_ACCURACY -> method.robustWorst().map(RobustSummary::accuracy);
      case ROBUST_WORST_BALANCED -> method.robustWorst().map(RobustSummary::balancedAccuracy);
    };
  }
}
