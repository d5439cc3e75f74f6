package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FactorialAnalysisTest {
  private static final List<String> NAMES = List.of("p", "q", "r", "s");
  private static final ComparisonMetric FULL = ComparisonMetric.FULL_ACCURACY;

  /** Two modalities; full accuracy as given, both single ones half of it. */
  private static SeedResult seed(long seed, double accuracy) {
    SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
    told.put(PresencePattern.full(2), metrics(accuracy));
    told.put(PresencePattern.only(0, 2), metrics(accuracy / 2));
    told.put(PresencePattern.only(1, 2), metrics(accuracy / 2));
    return SeedResult.told(seed, told, 1, 1);
  }

  private static ClassificationMetrics metrics(double accuracy) {
    return new ClassificationMetrics(accuracy, accuracy, accuracy, 1);
  }

  private static FactorialDesign design(int factors) {
    List<String> runs = IntStream.range(0, 1 << factors).mapToObj(s -> "run" + s).toList();
    return new FactorialDesign(NAMES.subList(0, factors), runs);
  }

  /** The report of an experiment; y[s][i] is the full accuracy of run s with seed i. */
  static FactorialReport report(int factors, double[][] y) {
    return builder(y).factorial(design(factors)).build().ablation().orElseThrow();
  }

  private static ReportBuilder builder(double[][] y) {
    ReportBuilder builder =
        new ReportBuilder(
            new DataDescription(
                "tiny",
                10,
                2,
                5,
                List.of("no", "yes"),
                List.of(new ModalityDescription("a", 3, 1), new ModalityDescription("b", 2, 0))),
            new Environment("x", "x", "25", 1, "1"));
    // The order of the methods must not matter.
    for (int s = y.length - 1; s >= 0; s--) {
      List<SeedResult> seeds = new ArrayList<>();
      for (int i = 0; i < y[s].length; i++) {
        seeds.add(seed(i, y[s][i]));
      }
      builder.method(new MethodResults("run" + s, "", seeds));
    }
    return builder;
  }

  private static FactorialEffect effect(FactorialReport report, EffectKind kind, String... of) {
    return report.find(kind, List.of(of), FULL).orElseThrow();
  }

  private static void assertValues(FactorialEffect effect, double... values) {
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], effect.effect().values().get(i), 1e-15, effect.toString());
    }
  }

  @Test
  void twoFactorsWorkedByHand() {
    // Seed 1: p adds .1 without q and .2 with it; q adds .05 without p and .15 with it.
    // Seed 2: p adds .3 and -.1; q adds .25 and -.15.
    double[][] y = {{0.5, 0.3}, {0.6, 0.6}, {0.55, 0.55}, {0.75, 0.45}};
    FactorialReport r = report(2, y);
    assertValues(effect(r, EffectKind.MAIN, "p"), 0.15, 0.1);
    assertValues(effect(r, EffectKind.MAIN, "q"), 0.1, 0.05);
    assertValues(effect(r, EffectKind.ADDED_ALONE, "p"), 0.1, 0.3);
    assertValues(effect(r, EffectKind.ADDED_ALONE, "q"), 0.05, 0.25);
    assertValues(effect(r, EffectKind.TAKEN_FROM_ALL, "p"), 0.2, -0.1);
    assertValues(effect(r, EffectKind.TAKEN_FROM_ALL, "q"), 0.15, -0.15);
    FactorialEffect both =
        r.find(EffectKind.INTERACTION, List.of("p", "q"), ComparisonMetric.ROBUST_MEAN_ACCURACY)
            .orElseThrow();
    assertValues(both, 0.05, -0.2);
    // One degree of freedom is the Cauchy distribution: P(|T| > t) = 1 - 2 atan(t) / pi, with
    // t = .125 / (.0353553 / sqrt 2) = 5.
    assertEquals(
        1 - 2 * Math.atan(5) / Math.PI, effect(r, EffectKind.MAIN, "p").p().orElseThrow(), 1e-13);
    assertEquals(0.5, effect(r, EffectKind.MAIN, "p").signFlipP().orElseThrow());
  }

  @Test
  void everyKindHasItsEffectsAndIsAFamily() {
    Random random = new Random(11);
    double[][] y = new double[8][6];
    for (double[] run : y) {
      for (int i = 0; i < run.length; i++) {
        run[i] = 0.5 + 0.1 * random.nextDouble();
      }
    }
    FactorialReport r = report(3, y);
    // Silent, noise and shuffled were not measured: three figures are left.
    assertEquals(9, r.effects(EffectKind.MAIN).size());
    assertEquals(9, r.effects(EffectKind.ADDED_ALONE).size());
    assertEquals(9, r.effects(EffectKind.TAKEN_FROM_ALL).size());
    assertEquals(6, r.effects(EffectKind.INTERACTION).size());
    assertEquals(33, r.effects().size());
    for (EffectKind kind : EffectKind.values()) {
      List<FactorialEffect> effects = r.effects(kind);
      double[] corrected =
          HolmCorrection.adjust(effects.stream().mapToDouble(e -> e.p().orElseThrow()).toArray());
      for (int i = 0; i < corrected.length; i++) {
        assertEquals(corrected[i], effects.get(i).correctedP().orElseThrow());
      }
    }
  }

  @Property(tries = 100)
  void contrastsAreTheMeansOfTheirDefinition(
      @ForAll @IntRange(min = 1, max = 4) int k, @ForAll long seed) {
    Random random = new Random(seed);
    double[][] y = new double[1 << k][3];
    for (double[] run : y) {
      for (int i = 0; i < run.length; i++) {
        run[i] = random.nextDouble();
      }
    }
    FactorialReport r = report(k, y);
    // Both sides sum at most 2^k values below 1 and divide by a power of two.
    double bound = (1 << (k + 2)) * 0x1p-53;
    for (int a = 0; a < k; a++) {
      for (int i = 0; i < 3; i++) {
        double main = 0;
        for (int s = 0; s < y.length; s++) {
          main += (s >> a & 1) == 0 ? y[s | 1 << a][i] - y[s][i] : 0;
        }
        assertEquals(
            main / (1 << (k - 1)),
            effect(r, EffectKind.MAIN, NAMES.get(a)).effect().values().get(i),
            bound);
        for (int b = a + 1; b < k; b++) {
          double twice = 0;
          for (int s = 0; s < y.length; s++) {
            boolean neither = (s >> a & 1) == 0 && (s >> b & 1) == 0;
            twice +=
                neither
                    ? y[s | 1 << a | 1 << b][i] - y[s | 1 << a][i] - (y[s | 1 << b][i] - y[s][i])
                    : 0;
          }
          // The figure of interactions is half the full accuracy.
          assertEquals(
              twice / (1 << (k - 2)) / 2,
              r.find(
                      EffectKind.INTERACTION,
                      List.of(NAMES.get(a), NAMES.get(b)),
                      ComparisonMetric.ROBUST_MEAN_ACCURACY)
                  .orElseThrow()
                  .effect()
                  .values()
                  .get(i),
              bound);
        }
      }
    }
  }

  @Property(tries = 200)
  void equalEffectsAreEqualWhateverTheRounding(@ForAll long seed) {
    Random random = new Random(seed);
    int n = 2 + random.nextInt(9);
    double[] effects = {0.07 * random.nextDouble(), 0, 0.01};
    double[][] y = new double[8][n];
    for (int i = 0; i < n; i++) {
      double base = 0.5 + 0.3 * random.nextDouble();
      for (int s = 0; s < 8; s++) {
        y[s][i] = base;
        for (int j = 0; j < 3; j++) {
          y[s][i] += (s >> j & 1) * effects[j];
        }
      }
    }
    FactorialReport r = report(3, y);
    double least = Math.scalb(1.0, 1 - n);
    assertEquals(least, effect(r, EffectKind.MAIN, "p").p().orElseThrow());
    assertEquals(1, effect(r, EffectKind.MAIN, "q").p().orElseThrow());
    assertEquals(least, effect(r, EffectKind.MAIN, "r").p().orElseThrow());
    r.effects(EffectKind.INTERACTION).forEach(e -> assertEquals(1, e.p().orElseThrow()));
  }

  @Test
  void oneSeedHasEffectsButNoTests() {
    FactorialReport r = report(1, new double[][] {{0.25}, {0.75}});
    assertEquals(9, r.effects().size());
    for (FactorialEffect e : r.effects()) {
      assertTrue(e.p().isEmpty() && e.correctedP().isEmpty() && e.ci95().isEmpty());
    }
    assertValues(effect(r, EffectKind.MAIN, "p"), 0.5);
  }

  @Test
  void whatIsNoFactorialIsRefused() {
    List<String> names = List.of("p", "q");
    List<String> four = List.of("none", "p", "q", "all");
    assertEquals(List.of("p", "q"), new FactorialDesign(names, four).on(3));
    assertEquals(List.of("q"), new FactorialDesign(names, four).on(2));
    refused(() -> new FactorialDesign(List.of(), List.of("none")), "1 to 10 factors");
    refused(() -> new FactorialDesign(names, four.subList(0, 3)), "4 combinations, got 3");
    refused(() -> new FactorialDesign(List.of("p", "p"), four), "factor is named twice");
    refused(() -> new FactorialDesign(names, List.of("a", "b", "a", "c")), "run is named twice");
    ReportBuilder builder = builder(new double[][] {{0.1, 0.2}, {0.3}});
    refused(() -> builder.factorial(design(1)), "run1 has seeds [0]");
    ReportBuilder two = builder(new double[][] {{0.1}, {0.3}});
    refused(() -> two.factorial(design(2)), "no method run2");
    refused(() -> EffectKind.ofReportName("mean"), "\"mean\"");
    FactorialReport r = report(1, new double[][] {{0.25}, {0.75}});
    FactorialDesign other = new FactorialDesign(List.of("x"), List.of("run0", "run1"));
    refused(() -> new FactorialReport(other, r.effects()), "factors are [x]");
  }

  private static void refused(Runnable action, String part) {
    var e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
