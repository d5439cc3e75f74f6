package org.modalimmune.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.modalimmune.annotation.Nullable;

/** Turns one method's results per seed into its report. */
final class MethodAggregator {

  private final MethodResults results;
  private final List<SeedResult> seeds;
  private final SeedResult first;
  private final List<String> modalities;
  private final Ceilings ceilings;

  MethodAggregator(MethodResults results, List<String> modalities, Ceilings ceilings) {
    this.results = results;
    this.seeds = results.seeds();
    this.first = seeds.getFirst();
    this.modalities = modalities;
    this.ceilings = ceilings;
  }

  MethodReport aggregate() {
    PresencePattern full = first.told().firstKey();
    Function<SeedResult, List<ClassificationMetrics>> told = s -> incomplete(s.told());
    return new MethodReport(
        results.name(),
        results.description(),
        seeds.stream().map(SeedResult::seed).toList(),
        seeds.stream().mapToDouble(SeedResult::seconds).average().orElseThrow(),
        seeds.stream().mapToDouble(SeedResult::stepsPerSecond).average().orElseThrow(),
        metrics(s -> s.told().get(full)),
        robust(told, DoubleStream::average),
        robust(told, DoubleStream::min),
        robust(s -> incomplete(s.silent()), DoubleStream::average),
        robust(s -> corrupted(s, CorruptionKind.GAUSSIAN), DoubleStream::average),
        robust(s -> corrupted(s, CorruptionKind.SHUFFLE), DoubleStream::average),
        patterns(),
        first.corruptions().keySet().stream()
            .map(c -> new CorruptionResult(c, metrics(s -> s.corruptions().get(c))))
            .toList(),
        first.reconstruction().keySet().stream().map(this::reconstruction).toList(),
        severity(),
        curve(),
        metaParameters());
  }

  private List<PatternResult> patterns() {
    List<PatternResult> patterns = new ArrayList<>();
    for (PresencePattern pattern : first.told().keySet()) {
      Optional<MetricSummary> silent =
          first.silent().containsKey(pattern) && !pattern.isFull()
              ? Optional.of(metrics(s -> s.silent().get(pattern)))
              : Optional.empty();
      patterns.add(
          new PatternResult(
              pattern.names(modalities),
              metrics(s -> s.told().get(pattern)),
              silent,
              optional(ceilings.accuracy().get(pattern))));
    }
    return patterns;
  }

  private ReconstructionResult reconstruction(String modality) {
    return new ReconstructionResult(
        modality,
        summary(s -> s.reconstruction().get(modality)),
        optional(ceilings.reconstruction().get(modality)));
  }

  private List<SeverityResult> severity() {
    List<SeverityResult> severity = new ArrayList<>();
    for (int i = 0; i < first.severity().size(); i++) {
      int index = i;
      severity.add(
          new SeverityResult(
              first.severity().get(i).severity(),
              summary(s -> s.severity().get(index).robustMean())));
    }
    return severity;
  }

  private List<CurvePoint> curve() {
    SortedMap<Integer, List<EpochRecord>> byEpoch = new TreeMap<>();
    for (SeedResult seed : seeds) {
      for (EpochRecord epoch : seed.curve()) {
        byEpoch.computeIfAbsent(epoch.epoch(), e -> new ArrayList<>()).add(epoch);
      }
    }
    List<CurvePoint> curve = new ArrayList<>();
    byEpoch.forEach(
        (epoch, records) ->
            curve.add(
                new CurvePoint(
                    epoch,
                    records.size(),
                    records.stream().mapToDouble(EpochRecord::trainLoss).average().orElseThrow(),
                    records.stream()
                        .flatMapToDouble(r -> r.validationCrossEntropy().stream())
                        .average())));
    return curve;
  }

  private Map<String, Summary> metaParameters() {
    Map<String, Summary> summaries = new LinkedHashMap<>();
    for (String name : first.metaParameters().keySet()) {
      summaries.put(name, summary(s -> s.metaParameters().get(name)));
    }
    return summaries;
  }

  private MetricSummary metrics(Function<SeedResult, ClassificationMetrics> of) {
    return MetricSummary.of(seeds.stream().map(of).toList());
  }

  private Summary summary(ToDoubleFunction<SeedResult> of) {
    return Summary.of(seeds.stream().mapToDouble(of).toArray());
  }

  private Optional<RobustSummary> robust(
      Function<SeedResult, List<ClassificationMetrics>> situations,
      Function<DoubleStream, OptionalDouble> aggregate) {
    if (situations.apply(first).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RobustSummary(
            summary(s -> over(situations.apply(s), ClassificationMetrics::accuracy, aggregate)),
            summary(
                s ->
                    over(
                        situations.apply(s), ClassificationMetrics::balancedAccuracy, aggregate))));
  }

  private static double over(
      List<ClassificationMetrics> situations,
      ToDoubleFunction<ClassificationMetrics> metric,
      Function<DoubleStream, OptionalDouble> aggregate) {
    return aggregate.apply(situations.stream().mapToDouble(metric)).orElseThrow();
  }

  private static List<ClassificationMetrics> incomplete(
      SortedMap<PresencePattern, ClassificationMetrics> metrics) {
    return metrics.entrySet().stream()
        .filter(e -> !e.getKey().isFull())
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<ClassificationMetrics> corrupted(SeedResult seed, CorruptionKind kind) {
    return seed.corruptions().entrySet().stream()
        .filter(e -> e.getKey().kind() == kind)
        .map(Map.Entry::getValue)
        .toList();
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
