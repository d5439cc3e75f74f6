package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {

  private static final List<String> NAMES = List.of("a", "b");
  private static final DataDescription DATA =
      new DataDescription(
          "tiny",
          10,
          2,
          5,
          List.of("no", "yes"),
          List.of(new ModalityDescription("a", 3, 1), new ModalityDescription("b", 2, 0)));
  private static final Environment ENVIRONMENT = new Environment("x", "x", "25", 1, "1");

  private static ClassificationMetrics metrics(double accuracy) {
    return new ClassificationMetrics(accuracy, accuracy / 2, accuracy / 4, 1 - accuracy);
  }

  /** Told accuracies of ab, a, b; silent 0.1 less; corruptions and the rest from the seed. */
  private static SeedResult seed(long seed, double ab, double a, double b) {
    SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
    told.put(PresencePattern.full(2), metrics(ab));
    told.put(PresencePattern.only(0, 2), metrics(a));
    told.put(PresencePattern.only(1, 2), metrics(b));
    SortedMap<PresencePattern, ClassificationMetrics> silent = new TreeMap<>();
    silent.put(PresencePattern.only(0, 2), metrics(a - 0.1));
    silent.put(PresencePattern.only(1, 2), metrics(b - 0.1));
    Map<Corruption, ClassificationMetrics> corruptions = new LinkedHashMap<>();
    corruptions.put(Corruption.gaussian("a", 1), metrics(0.5));
    corruptions.put(Corruption.gaussian("a", 2), metrics(0.3));
    corruptions.put(Corruption.shuffle("a"), metrics(0.2));
    return SeedResult.told(seed, told, 2, 100)
        .withSilent(silent)
        .withCorruptions(corruptions)
        .withReconstruction(Map.of("a", 0.25))
        .withSeverity(List.of(new SeverityValue(0.5, a)))
        .withTraining(
            List.of(new EpochRecord(1, seed, OptionalDouble.of(2.0 * seed))), Map.of("lr", 0.1));
  }

  private static MethodReport report(MethodResults results) {
    return new ReportBuilder(DATA, ENVIRONMENT).method(results).build().methods().getFirst();
  }

  @Test
  void aggregatesAreFormedPerSeedAndThenSummarised() {
    MethodReport r =
        report(new MethodResults("m", "", List.of(seed(1, 0.9, 0.6, 0.8), seed(2, 0.8, 0.7, 0.5))));
    assertEquals(0.85, r.full().accuracy().mean(), 1e-15);
    assertEquals(List.of(0.7, 0.6), round(r.robustMean().orElseThrow().accuracy()));
    // The worst pattern differs between the seeds: the minimum is taken inside each seed.
    assertEquals(List.of(0.6, 0.5), round(r.robustWorst().orElseThrow().accuracy()));
    assertEquals(List.of(0.3, 0.25), round(r.robustWorst().orElseThrow().balancedAccuracy()));
    assertEquals(List.of(0.6, 0.5), round(r.silentMean().orElseThrow().accuracy()));
    assertEquals(List.of(0.4, 0.4), round(r.noiseMean().orElseThrow().accuracy()));
    assertEquals(List.of(0.2, 0.2), round(r.shuffleMean().orElseThrow().accuracy()));
    assertEquals(
        List.of(NAMES, List.of("a"), List.of("b")),
        r.patterns().stream().map(PatternResult::present).toList());
    assertTrue(r.patterns().getFirst().silent().isEmpty());
    assertEquals(new CurvePoint(1, 2, 1.5, OptionalDouble.of(3)), r.curve().getFirst());
    assertEquals(3, r.corruptions().size());
    assertEquals(0.25, r.reconstruction().getFirst().r2().mean());
    assertEquals(0.65, r.severity().getFirst().robustMean().mean(), 1e-15);
    assertEquals(0.1, r.metaParameters().get("lr").mean());
    assertEquals(List.of(1L, 2L), r.seedValues());
  }

  private static List<Double> round(Summary summary) {
    return summary.values().stream().map(v -> Math.round(v * 1e12) / 1e12).toList();
  }

  @Test
  void aMethodWithoutSilentOrCorruptionsHasNoSuchFigures() {
    SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
    told.put(PresencePattern.full(2), metrics(0.9));
    MethodReport r = report(new MethodResults("m", "", List.of(SeedResult.told(0, told, 0, 0))));
    assertTrue(r.robustMean().isEmpty() && r.robustWorst().isEmpty());
    assertTrue(r.silentMean().isEmpty() && r.noiseMean().isEmpty() && r.shuffleMean().isEmpty());
  }

  @Property(tries = 30)
  void theOrderInWhichSeedsFinishDoesNotShow(@ForAll long shuffle) {
    List<SeedResult> seeds = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seeds.add(seed(i, 0.9 - 0.01 * i, 0.6 + 0.02 * i, 0.7));
    }
    MethodReport sorted = report(new MethodResults("m", "", seeds));
    Collections.shuffle(seeds, new Random(shuffle));
    assertEquals(sorted, report(new MethodResults("m", "", seeds)));
  }

  @Test
  void comparisonsArePairedAndCorrectedOverTheWholeFamily() {
    List<SeedResult> a = new ArrayList<>();
    List<SeedResult> b = new ArrayList<>();
    List<SeedResult> c = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 8; i++) {
      double base = random.nextDouble() * 0.1;
      a.add(seed(i, 0.8 + base, 0.7 + base, 0.6 + base));
      b.add(seed(i, 0.8 + base, 0.69 + base + 0.01 * random.nextDouble(), 0.5 + base));
      c.add(seed(i, 0.7 + random.nextDouble() * 0.2, 0.6, 0.5 + random.nextDouble() * 0.1));
    }
    Report report =
        new ReportBuilder(DATA, ENVIRONMENT)
            .method(new MethodResults("a", "", a))
            .method(new MethodResults("b", "", b))
            .method(new MethodResults("c", "", c))
            .compare("a", "b")
            .compare("a", "c")
            .build();
    assertEquals(12, report.comparisons().size());
    double[] p = report.comparisons().stream().mapToDouble(x -> x.p().orElseThrow()).toArray();
    double[] corrected = HolmCorrection.adjust(p);
    for (int i = 0; i < 12; i++) {
      assertEquals(corrected[i], report.comparisons().get(i).correctedP().orElseThrow());
    }
    Comparison full = report.comparisons().getFirst();
    assertEquals("full.accuracy", full.metric());
    assertEquals(1, full.p().orElseThrow());
    Comparison worst = report.comparisons().get(4);
    assertEquals("robustWorst.accuracy", worst.metric());
    assertEquals(0.1, worst.difference().mean(), 1e-12);
  }

  @Test
  void ceilingsStandBesideTheirPatterns() {
    SortedMap<PresencePattern, Double> bayes = new TreeMap<>();
    bayes.put(PresencePattern.only(1, 2), 0.95);
    MethodReport r =
        new ReportBuilder(DATA, ENVIRONMENT)
            .ceilings(new Ceilings(bayes, Map.of("a", 0.5)))
            .method(new MethodResults("m", "", List.of(seed(1, 0.9, 0.6, 0.8))))
            .build()
            .methods()
            .getFirst();
    assertTrue(r.patterns().getFirst().ceiling().isEmpty());
    assertEquals(0.95, r.patterns().get(2).ceiling().orElseThrow());
    assertEquals(0.5, r.reconstruction().getFirst().ceiling().orElseThrow());
  }

  @Test
  void inconsistentResultsAreRefused() {
    SeedResult one = seed(1, 0.9, 0.6, 0.8);
    SeedResult lacking = SeedResult.told(2, one.told(), 1, 1);
    assertThrows(
        IllegalArgumentException.class, () -> new MethodResults("m", "", List.of(one, lacking)));
    assertThrows(
        IllegalArgumentException.class, () -> new MethodResults("m", "", List.of(one, one)));
    assertThrows(IllegalArgumentException.class, () -> new MethodResults("m", "", List.of()));
    ReportBuilder builder =
        new ReportBuilder(DATA, ENVIRONMENT)
            .method(new MethodResults("m", "", List.of(one)))
            .method(new MethodResults("n", "", List.of(seed(2, 0.9, 0.6, 0.8))));
    assertThrows(IllegalArgumentException.class, () -> builder.compare("m", "n"));
    assertThrows(IllegalArgumentException.class, () -> builder.compare("m", "none"));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.method(new MethodResults("m", "", List.of(one))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Corruption(CorruptionKind.SHUFFLE, "a", OptionalDouble.of(1)));
    assertThrows(IllegalArgumentException.class, () -> Corruption.gaussian("a", Double.NaN));
  }
}
