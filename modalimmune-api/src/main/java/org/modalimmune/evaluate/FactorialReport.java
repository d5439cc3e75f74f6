package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;

/**
 * What each factor of a full factorial experiment adds or takes away.
 *
 * @param design factors and runs; the runs are methods of the same report
 * @param effects kind by kind, factor by factor, figure by figure
 */
public record FactorialReport(FactorialDesign design, List<FactorialEffect> effects) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if an effect is of a factor that the design has not
   */
  public FactorialReport {
    effects = List.copyOf(effects);
    for (FactorialEffect effect : effects) {
      if (!design.factors().containsAll(effect.factors())) {
        throw new IllegalArgumentException(
            "factorial: an effect of "
                + effect.factors()
                + ", the factors are "
                + design.factors());
      }
    }
  }

  /**
   * The effects of one kind.
   *
   * @param kind the kind
   * @return in their order
   */
  public List<FactorialEffect> effects(EffectKind kind) {
    return effects.stream().filter(e -> e.kind() == kind).toList();
  }

  /**
   * One effect.
   *
   * @param kind the kind
   * @param factors its factors, in the design's order
   * @param metric the figure
   * @return the effect; empty where the figure was not measured
   */
  public Optional<FactorialEffect> find(
      EffectKind kind, List<String> factors, ComparisonMetric metric) {
    return effects.stream()
        .filter(
            e ->
                e.kind() == kind
                    && e.factors().equals(factors)
                    && e.metric().equals(metric.reportName()))
        .findFirst();
  }
}
