package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;

/** The figures in which methods and factors are compared; larger is better in each. */
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
  ROBUST_WORST_BALANCED("robustWorst.balancedAccuracy"),
  /** Mean accuracy over the incomplete patterns, the model not told. */
  SILENT_MEAN_ACCURACY("silentMean.accuracy"),
  /** Mean accuracy over all Gaussian corruptions. */
  NOISE_MEAN_ACCURACY("noiseMean.accuracy"),
  /** Mean accuracy over all shuffled modalities. */
  SHUFFLE_MEAN_ACCURACY("shuffleMean.accuracy");

  /** The figures in which two methods are compared. */
  public static final List<ComparisonMetric> OF_METHODS =
      List.of(
          FULL_ACCURACY,
          FULL_BALANCED,
          ROBUST_MEAN_ACCURACY,
          ROBUST_MEAN_BALANCED,
          ROBUST_WORST_ACCURACY,
          ROBUST_WORST_BALANCED);

  /** The figures in which the effects of single factors are told. */
  public static final List<ComparisonMetric> OF_FACTORS =
      List.of(
          FULL_ACCURACY,
          ROBUST_MEAN_ACCURACY,
          ROBUST_WORST_ACCURACY,
          SILENT_MEAN_ACCURACY,
          NOISE_MEAN_ACCURACY,
          SHUFFLE_MEAN_ACCURACY);

  /** The figures in which interactions of factors are told. */
  public static final List<ComparisonMetric> OF_INTERACTIONS =
      List.of(ROBUST_MEAN_ACCURACY, ROBUST_WORST_ACCURACY);

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
   * @return its summary; empty if it was not measured, as with no incomplete patterns
   */
  public Optional<Summary> of(MethodReport method) {
    return switch (this) {
      case FULL_ACCURACY -> Optional.of(method.full().accuracy());
      case FULL_BALANCED -> Optional.of(method.full().balancedAccuracy());
      case ROBUST_MEAN_ACCURACY -> method.robustMean().map(RobustSummary::accuracy);
      case ROBUST_MEAN_BALANCED -> method.robustMean().map(RobustSummary::balancedAccuracy);
      case ROBUST_WORST_ACCURACY -> method.robustWorst().map(RobustSummary::accuracy);
      case ROBUST_WORST_BALANCED -> method.robustWorst().map(RobustSummary::balancedAccuracy);
      case SILENT_MEAN_ACCURACY -> method.silentMean().map(RobustSummary::accuracy);
      case NOISE_MEAN_ACCURACY -> method.noiseMean().map(RobustSummary::accuracy);
      case SHUFFLE_MEAN_ACCURACY -> method.shuffleMean().map(RobustSummary::accuracy);
    };
  }
}
