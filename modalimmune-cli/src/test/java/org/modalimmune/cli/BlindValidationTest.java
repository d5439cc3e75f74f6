package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.modalimmune.evaluate.ClassificationMetrics;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.MethodResults;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.ReportBuilder;
import org.modalimmune.evaluate.SeedResult;

/** The note on validation rows that are easier than the test rows. */
final class BlindValidationTest {
  /** Probability of the right class that gives a cross-entropy of about 0.69 nats. */
  private static final double HALF = 0.5;

  @Test
  void easyValidationIsNoted() {
    String note = BlindValidation.note(report(method("plain", 0.2, true)).build()).orElseThrow();
    assertTrue(note.contains("0.20 against 0.69 nats"), note);
  }

  @Test
  void agreementIsNotNoted() {
    assertEquals(true, BlindValidation.note(report(method("plain", 0.5, true)).build()).isEmpty());
  }

  @Test
  void oneMethodThatAgreesIsEnoughToSayNothing() {
    ReportBuilder report = report(method("plain", 0.2, true)).method(method("dropout", 0.6, true));
    assertTrue(BlindValidation.note(report.build()).isEmpty());
  }

  @Test
  void methodsOfSeveralModelsAreNotAsked() {
    assertTrue(BlindValidation.note(report(method("specialists", 0.1, false)).build()).isEmpty());
  }

  private static ReportBuilder report(MethodResults method) {
    return new ReportBuilder(
            new DataDescription(
                "d",
                4,
                2,
                2,
                List.of("a", "b"),
                List.of(new ModalityDescription("x", 2, 0), new ModalityDescription("y", 2, 0))),
            new Environment("reference", "d", "25", 1, "0"))
        .method(method);
  }

  private static MethodResults method(String name, double validation, boolean silent) {
    ClassificationMetrics metrics =
        ClassificationMetrics.of(new double[] {HALF, HALF, HALF, HALF}, new int[] {0, 1}, 2);
    SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
    SortedMap<PresencePattern, ClassificationMetrics> incomplete = new TreeMap<>();
    for (PresencePattern p : PresencePattern.all(2)) {
      told.put(p, metrics);
      if (!p.isFull()) {
        incomplete.put(p, metrics);
      }
    }
    SeedResult result =
        SeedResult.told(1, told, 1, 1)
            .withTraining(List.of(new EpochRecord(1, 1, OptionalDouble.of(validation))), Map.of());
    return new MethodResults(name, "", List.of(silent ? result.withSilent(incomplete) : result));
  }
}
