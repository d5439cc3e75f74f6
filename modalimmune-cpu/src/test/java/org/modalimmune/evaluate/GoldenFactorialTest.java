package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.nn.GoldenVectors;

/** Against {@code spec/vectors/ablation.json}. */
class GoldenFactorialTest {
  /** Of a t quantile or tail; the rest of a row's rounding is smaller by far. */
  private static final double RELATIVE = 1e-11;

  static Stream<GoldenVectors.Case> cases() {
    return GoldenVectors.read("ablation").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void effectsIntervalsAndTestsAgree(GoldenVectors.Case c) {
    int k = c.size("factors");
    double[] y = c.values("y");
    FactorialReport report = report(k, y, y.length >> k);
    for (EffectKind kind : EffectKind.values()) {
      List<FactorialEffect> effects = report.effects(kind);
      int figures = kind == EffectKind.INTERACTION ? 2 : 3;
      double[] rows =
          k == 1 && kind == EffectKind.INTERACTION ? new double[0] : c.values(kind.reportName());
      assertEquals(figures * rows.length / 5, effects.size());
      for (int i = 0; i < effects.size(); i++) {
        FactorialEffect e = effects.get(i);
        // The figures of one effect stand together, and all are the same.
        int row = 5 * (i / figures);
        // Effects are exact; ten of them are summed and divided.
        assertEquals(rows[row], e.effect().mean(), 1e-15);
        assertEquals(rows[row + 1], e.effect().std().orElseThrow(), 1e-15);
        assertRelative(rows[row + 2], e.ci95().orElseThrow().halfWidth());
        assertRelative(rows[row + 3], e.p().orElseThrow());
        assertRelative(rows[row + 4], e.correctedP().orElseThrow());
      }
    }
  }

  private static void assertRelative(double expected, double actual) {
    assertEquals(expected, actual, RELATIVE * expected);
  }

  /** An experiment whose figures of full and of both incomplete patterns are all y[s][i]. */
  private static FactorialReport report(int k, double[] y, int seeds) {
    ReportBuilder builder =
        new ReportBuilder(
            new DataDescription(
                "golden",
                10,
                2,
                5,
                List.of("no", "yes"),
                List.of(new ModalityDescription("a", 1, 0), new ModalityDescription("b", 1, 0))),
            new Environment("", "", "", 1, ""));
    List<String> runs = IntStream.range(0, 1 << k).mapToObj(Integer::toString).toList();
    for (int s = 0; s < runs.size(); s++) {
      List<SeedResult> results = new ArrayList<>();
      for (int i = 0; i < seeds; i++) {
        ClassificationMetrics m = new ClassificationMetrics(y[s * seeds + i], 0, 0, 0);
        SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
        PresencePattern.all(2).forEach(p -> told.put(p, m));
        results.add(SeedResult.told(i, told, 0, 0));
      }
      builder.method(new MethodResults(runs.get(s), "", results));
    }
    List<String> factors = IntStream.range(0, k).mapToObj(j -> "factor" + j).toList();
    return builder.factorial(new FactorialDesign(factors, runs)).build().ablation().orElseThrow();
  }
}
