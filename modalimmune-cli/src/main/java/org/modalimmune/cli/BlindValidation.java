package org.modalimmune.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.modalimmune.evaluate.CurvePoint;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;

/**
 * Notices, after the fact, validation rows that are much easier than the test rows: they share
 * something with the training rows, so nothing that is tuned on them can be trusted. The test rows
 * decide nothing here but the note.
 *
 * <p>The rule: for every method, the mean cross-entropy over all presence patterns is on the test
 * rows more than {@value #FACTOR} times the lowest one of the validation curve, and more than
 * {@value #MARGIN} nats above it. Selection by the lowest value and small validation parts explain
 * tens of percent, not a factor of two.
 */
final class BlindValidation {
  static final double FACTOR = 2;
  static final double MARGIN = 0.1;

  private BlindValidation() {}

  /** A sentence for the report, or empty if validation and test agree. */
  static Optional<String> note(Report report) {
    // A method of several models shows the curve of one of them; it has no silent figures either.
    List<MethodReport> methods =
        report.methods().stream()
            .filter(m -> m.silentMean().isPresent() && validation(m).isPresent())
            .toList();
    if (methods.isEmpty() || !methods.stream().allMatch(BlindValidation::isBlind)) {
      return Optional.empty();
    }
    MethodReport first = methods.getFirst();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the validation rows are much easier than the test rows (%s: cross-entropy %.2f against"
                + " %.2f nats over all patterns); they share something with the training rows, so"
                + " nothing should be tuned on them and the selected epoch is doubtful",
            first.name(),
            validation(first).orElseThrow(),
            test(first)));
  }

  private static boolean isBlind(MethodReport method) {
    double validation = validation(method).orElseThrow();
    double test = test(method);
    return test > FACTOR * validation && test > validation + MARGIN;
  }

  private static OptionalDouble validation(MethodReport method) {
    return method.curve().stream()
        .map(CurvePoint::validationCrossEntropy)
        .flatMapToDouble(OptionalDouble::stream)
        .min();
  }

  private static double test(MethodReport method) {
    return method.patterns().stream()
        .mapToDouble(p -> p.told().crossEntropy().mean())
        .average()
        .orElseThrow();
  }
}
