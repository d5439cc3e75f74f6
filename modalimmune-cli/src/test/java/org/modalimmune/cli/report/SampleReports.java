package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.modalimmune.evaluate.Ceilings;
import org.modalimmune.evaluate.ClassificationMetrics;
import org.modalimmune.evaluate.Corruption;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.FactorialDesign;
import org.modalimmune.evaluate.MethodResults;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.ReportBuilder;
import org.modalimmune.evaluate.SeedResult;
import org.modalimmune.evaluate.SeverityValue;

/**
 * Reports with plausible invented figures: accuracy grows with the number of present modalities.
 */
final class SampleReports {

  private static final List<String> METHODS =
      List.of("plain", "dropout", "dropout-noise", "immune", "specialists");

  private final List<String> modalities;
  private final int seeds;
  private final boolean ceilings;

  private SampleReports(List<String> modalities, int seeds, boolean ceilings) {
    this.modalities = modalities;
    this.seeds = seeds;
    this.ceilings = ceilings;
  }

  /** Three modalities, five methods, ten seeds, ceilings known. */
  static Report synthetic() {
    return new SampleReports(List.of("text", "audio", "video"), 10, true).report("synthetic");
  }

  /** Six modalities: 63 patterns. */
  static Report large() {
    return new SampleReports(
            List.of("profile", "fourier", "karhunen", "morphology", "pixels", "zernike"), 10, false)
        .report("mfeat");
  }

  /** One seed: no intervals, no p-values. */
  static Report oneSeed() {
    return new SampleReports(List.of("a", "b"), 1, false).report("one seed");
  }

  /** Sixteen variants beside a baseline; some effects are clear, others none at all. */
  static Report ablation() {
    SampleReports sample = new SampleReports(List.of("text", "audio", "video"), 10, true);
    Report plain = sample.report("ablation");
    List<String> factors = List.of("collapse", "controller", "masking", "hypergradient");
    List<String> runs = new ArrayList<>();
    ReportBuilder builder =
        new ReportBuilder(plain.data(), plain.environment())
            .command("modalimmune ablate --seeds 10")
            .note("The figures of this report are invented.")
            .ceilings(sample.known())
            .method(sample.method(2, "dropout-noise"));
    for (int s = 0; s < 16; s++) {
      int variant = s;
      List<String> on =
          IntStream.range(0, 4)
              .filter(j -> (variant >> j & 1) == 1)
              .mapToObj(factors::get)
              .toList();
      runs.add(s == 0 ? "none" : s == 15 ? "all" : String.join("+", on));
      builder.method(sample.variant(s, runs.getLast()));
    }
    return builder
        .factorial(new FactorialDesign(factors, runs))
        .compare("all", "none")
        .compare("all", "dropout-noise")
        .build();
  }

  /** Collapse helps, the controller harms, masking helps but does nothing without collapse. */
  private MethodResults variant(int s, String name) {
    double gain = 0.006 * (s & 1) - 0.002 * (s >> 1 & 1) + 0.004 * (s & s >> 2 & 1);
    int draws = (s & 1) == 0 ? s & ~4 : s;
    List<SeedResult> results = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(1000L * (20 + draws) + seed);
      SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
      SortedMap<PresencePattern, ClassificationMetrics> silent = new TreeMap<>();
      for (PresencePattern pattern : PresencePattern.all(modalities.size())) {
        told.put(pattern, metrics(base(pattern) - 0.02 + gain, random));
        if (!pattern.isFull()) {
          silent.put(pattern, metrics(base(pattern) - 0.04 + gain, random));
        }
      }
      Map<Corruption, ClassificationMetrics> corruptions = new LinkedHashMap<>();
      corruptions.put(Corruption.gaussian("text", 1), metrics(0.8 - 2 * gain, random));
      corruptions.put(Corruption.shuffle("text"), metrics(0.7 + gain, random));
      results.add(
          SeedResult.told(seed, told, 3, 100)
              .withSilent(silent)
              .withCorruptions(corruptions)
              .withTraining(curve(2, random), Map.of()));
    }
    return new MethodResults(name, "The variant " + name + ".", results);
  }

  /** The given text as data, modality, class and method name. */
  static Report named(String text) {
    return new SampleReports(List.of(text, "b" + text), 2, true).report(text);
  }

  private Report report(String name) {
    ReportBuilder builder =
        new ReportBuilder(
                new DataDescription(
                    name,
                    2550,
                    450,
                    2000,
                    List.of(name + " 0", "one", "two", "three"),
                    modalities.stream()
                        .map(m -> new ModalityDescription(m, 20 + m.length(), m.length() % 3))
                        .toList()),
                new Environment("cpu", name + " CPU, 256 bit vectors", "25.0.1", 2, "0.1.0"))
            .command("modalimmune compare --data " + name + " --seeds " + seeds)
            .note("The figures of this report are invented: " + name);
    if (ceilings) {
      builder.ceilings(known());
    }
    for (int i = 0; i < METHODS.size(); i++) {
      builder.method(method(i, i == 3 ? METHODS.get(i) + suffix(name) : METHODS.get(i)));
    }
    for (String against : List.of("plain", "dropout", "dropout-noise")) {
      builder.compare("immune" + suffix(name), against);
    }
    return builder.build();
  }

  private Ceilings known() {
    SortedMap<PresencePattern, Double> bayes = new TreeMap<>();
    PresencePattern.all(modalities.size()).forEach(p -> bayes.put(p, base(p) + 0.02));
    Map<String, Double> r2 = new LinkedHashMap<>();
    modalities.forEach(m -> r2.put(m, 0.61));
    return new Ceilings(bayes, r2);
  }

  private static String suffix(String name) {
    return name.contains("<") || name.contains("\u001b") ? name : "";
  }

  private double base(PresencePattern pattern) {
    double weight = 0;
    for (int i = 0; i < modalities.size(); i++) {
      weight += pattern.isPresent(i) ? 1.0 / (1 + i) : 0;
    }
    return 0.95 - 0.55 * Math.exp(-1.6 * weight);
  }

  private MethodResults method(int index, String name) {
    double[] loss = {0.09, 0.02, 0.015, 0.008, 0.012};
    List<SeedResult> results = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(1000L * index + seed);
      int n = modalities.size();
      SortedMap<PresencePattern, ClassificationMetrics> told = new TreeMap<>();
      SortedMap<PresencePattern, ClassificationMetrics> silent = new TreeMap<>();
      for (PresencePattern pattern : PresencePattern.all(n)) {
        double missing = 1 - (double) pattern.size() / n;
        told.put(pattern, metrics(base(pattern) - 2 * loss[index] * missing, random));
        if (!pattern.isFull() && index != 4) {
          silent.put(pattern, metrics(base(pattern) - 0.02 - 2 * loss[index] * missing, random));
        }
      }
      double top = base(PresencePattern.full(n));
      Map<Corruption, ClassificationMetrics> corruptions = new LinkedHashMap<>();
      for (int i = 0; i < n && index != 4; i++) {
        double harm = 0.3 / (1 + i);
        for (double level : new double[] {1, 2, 4}) {
          double lost = harm * (level / 4) * (0.4 + 5 * loss[index]);
          corruptions.put(
              Corruption.gaussian(modalities.get(i), level), metrics(top - lost, random));
        }
        corruptions.put(
            Corruption.shuffle(modalities.get(i)),
            metrics(top - harm * (0.7 + 3 * loss[index]), random));
      }
      Map<String, Double> r2 = new LinkedHashMap<>();
      for (int i = 0; i < n && index == 3; i++) {
        r2.put(modalities.get(i), 0.55 - 0.02 * i + 0.01 * random.nextGaussian());
      }
      SeedResult result =
          SeedResult.told(seed, told, 3.2 + index + 0.1 * random.nextDouble(), 1200.0 / (1 + index))
              .withSilent(silent)
              .withCorruptions(corruptions)
              .withReconstruction(r2);
      results.add(
          index == 3
              ? result
                  .withSeverity(List.of(new SeverityValue(0, 0.7), new SeverityValue(0.5, 0.72)))
                  .withTraining(
                      curve(index, random), Map.of("isotropic noise " + modalities.getFirst(), 0.3))
              : result.withTraining(curve(index, random), Map.of()));
    }
    return new MethodResults(name, "The method " + name + ", described in one sentence.", results);
  }

  private static List<EpochRecord> curve(int index, Random random) {
    return IntStream.rangeClosed(1, 40)
        .mapToObj(
            e ->
                new EpochRecord(
                    e,
                    0.3 + 1.1 * Math.exp(-e / 9.0) + 0.05 * index + 0.01 * random.nextDouble(),
                    OptionalDouble.of(
                        0.6
                            + 0.8 * Math.exp(-e / 6.0)
                            - 0.02 * index
                            + 0.002 * e * (index == 0 ? 2 : 0.2))))
        .toList();
  }

  private static ClassificationMetrics metrics(double accuracy, Random random) {
    double a = Math.clamp(accuracy + 0.006 * random.nextGaussian(), 0.0, 1.0);
    return new ClassificationMetrics(a, a * 0.99, a * 0.985, -Math.log(0.02 + 0.9 * a));
  }
}
