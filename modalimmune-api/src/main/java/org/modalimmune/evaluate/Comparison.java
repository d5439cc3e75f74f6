package org.modalimmune.evaluate;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One method against another in one figure, paired by seed.
 *
 * @param method name of the first method
 * @param against name of the second
 * @param metric {@link ComparisonMetric#reportName} of the figure
 * @param difference summary of first minus second
 * @param p two-sided p of the paired t test; empty for one seed
 * @param correctedP {@code p} after Holm's correction over all comparisons of the report; empty for
 *     one seed
 * @param signFlipP exact two-sided sign-flip p, not corrected; empty for one seed or more than
 *     {@value PairedComparison#MAX_SIGN_FLIP}
 * @see PairedComparison
 */
public record Comparison(
    String method,
    String against,
    String metric,
    Summary difference,
    OptionalDouble p,
    OptionalDouble correctedP,
    OptionalDouble signFlipP) {

  /**
   * The 95 % t interval of the difference.
   *
   * @return the interval; empty for one seed
   */
  public Optional<Interval> ci95() {
    return difference.ci95();
  }
}
