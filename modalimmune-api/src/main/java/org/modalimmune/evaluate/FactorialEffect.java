package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What factors do to one figure, formed for each seed first and then summarised over seeds.
 *
 * @param kind what is asked
 * @param factors names: one, or the two of an interaction
 * @param metric {@link ComparisonMetric#reportName} of the figure
 * @param effect summary of the effect, in the figure's unit; positive is better
 * @param p two-sided p of the t test over seeds; empty for one seed
 * @param correctedP {@code p} after Holm's correction over all effects of this kind; empty for one
 *     seed
 * @param signFlipP exact two-sided sign-flip p, not corrected; empty for one seed or more than
 *     {@value PairedComparison#MAX_SIGN_FLIP}
 * @see PairedComparison
 */
public record FactorialEffect(
    EffectKind kind,
    List<String> factors,
    String metric,
    Summary effect,
    OptionalDouble p,
    OptionalDouble correctedP,
    OptionalDouble signFlipP) {

  /**
   * Copies the names.
   *
   * @throws IllegalArgumentException if their number does not fit the kind
   */
  public FactorialEffect {
    factors = List.copyOf(factors);
    int needed = kind == EffectKind.INTERACTION ? 2 : 1;
    if (factors.size() != needed) {
      throw new IllegalArgumentException(
          "effect: " + kind.reportName() + " needs " + needed + " factor(s), got " + factors);
    }
  }

  /**
   * The 95 % t interval of the effect.
   *
   * @return the interval; empty for one seed
   */
  public Optional<Interval> ci95() {
    return effect.ci95();
  }
}
