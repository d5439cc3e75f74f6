package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;

/**
 * A robustness report: several methods, trained and tested alike, over every presence pattern and
 * corruption.
 *
 * @param data the data
 * @param environment where it was made
 * @param command the command line that made it; may be empty
 * @param methods the methods in the order they were named
 * @param comparisons paired comparisons
 * @param ablation effects of factors whose every combination is among the methods; empty if the
 *     methods are no such experiment
 * @param notes sentences a reader needs to judge the figures; may be empty
 */
public record Report(
    DataDescription data,
    Environment environment,
    String command,
    List<MethodReport> methods,
    List<Comparison> comparisons,
    Optional<FactorialReport> ablation,
    List<String> notes) {

  /** Version of the report's schema. */
  public static final int SCHEMA = 1;

  /** Copies the lists. */
  public Report {
    methods = List.copyOf(methods);
    comparisons = List.copyOf(comparisons);
    notes = List.copyOf(notes);
  }
}
