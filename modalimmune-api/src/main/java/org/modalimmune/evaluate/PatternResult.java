package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One method on one presence pattern.
 *
 * @param present names of the present modalities, in the data's order
 * @param told metrics when the model is told which modalities are absent
 * @param silent metrics when absent modalities are zero and the model is told nothing; empty for
 *     the full pattern and for methods without a single model
 * @param ceiling Bayes-optimal accuracy of the pattern, where known
 */
public record PatternResult(
    List<String> present,
    MetricSummary told,
    Optional<MetricSummary> silent,
    OptionalDouble ceiling) {

  /** Copies the names. */
  public PatternResult {
    present = List.copyOf(present);
  }
}
