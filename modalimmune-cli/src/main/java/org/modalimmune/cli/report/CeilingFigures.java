package org.modalimmune.cli.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Report;

/**
 * The ceilings of the summary figures: what the best possible model reaches.
 *
 * @param full with every modality
 * @param mean mean over the incomplete patterns
 * @param worst minimum over the incomplete patterns
 */
record CeilingFigures(double full, double mean, double worst) {

  /** Empty unless the ceiling of every pattern is known. */
  static Optional<CeilingFigures> of(Report report) {
    if (report.methods().isEmpty()) {
      return Optional.empty();
    }
    List<PatternResult> patterns = report.methods().getFirst().patterns();
    if (patterns.size() < 2 || patterns.stream().anyMatch(p -> p.ceiling().isEmpty())) {
      return Optional.empty();
    }
    double[] incomplete =
        patterns.stream()
            .skip(1)
            .map(PatternResult::ceiling)
            .mapToDouble(OptionalDouble::orElseThrow)
            .toArray();
    return Optional.of(
        new CeilingFigures(
            patterns.getFirst().ceiling().orElseThrow(),
            Arrays.stream(incomplete).average().orElseThrow(),
            Arrays.stream(incomplete).min().orElseThrow()));
  }
}
