package org.modalimmune.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;

/**
 * Effects of a full factorial experiment (Yates 1937; Box, Hunter and Hunter 2005, chapter 5), each
 * a contrast of the runs of one seed, tested over seeds. Every kind is a family of its own in
 * Holm's correction: it answers a question of its own.
 */
final class FactorialAnalysis {
  private final FactorialDesign design;
  private final List<MethodReport> runs;

  /** An effect before the correction. */
  private record Tested(List<String> factors, ComparisonMetric metric, PairedComparison result) {}

  /**
   * @param methods methods with the same seeds, the design's runs among them
   */
  FactorialAnalysis(FactorialDesign design, List<MethodReport> methods) {
    this.design = design;
    this.runs =
        design.runs().stream()
            .map(
                name ->
                    methods.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow())
            .toList();
  }

  List<FactorialEffect> effects() {
    List<FactorialEffect> effects = new ArrayList<>();
    for (EffectKind kind : EffectKind.values()) {
      effects.addAll(corrected(kind, tested(kind)));
    }
    return effects;
  }

  private List<Tested> tested(EffectKind kind) {
    boolean pairs = kind == EffectKind.INTERACTION;
    List<Tested> tested = new ArrayList<>();
    for (int i = 0; i < design.factors().size(); i++) {
      for (int j = pairs ? i + 1 : i; j < (pairs ? design.factors().size() : i + 1); j++) {
        int bits = 1 << i | 1 << j;
        for (ComparisonMetric metric :
            pairs ? ComparisonMetric.OF_INTERACTIONS : ComparisonMetric.OF_FACTORS) {
          if (runs.stream().allMatch(r -> metric.of(r).isPresent())) {
            tested.add(new Tested(design.on(bits), metric, test(kind, bits, values(metric))));
          }
        }
      }
    }
    return tested;
  }

  /** Figures by run and seed. */
  private double[][] values(ComparisonMetric metric) {
    double[][] values = new double[runs.size()][];
    for (int s = 0; s < values.length; s++) {
      Summary summary = metric.of(runs.get(s)).orElseThrow();
      values[s] = summary.values().stream().mapToDouble(Double::doubleValue).toArray();
    }
    return values;
  }

  private static PairedComparison test(EffectKind kind, int bits, double[][] y) {
    int all = y.length - 1;
    return switch (kind) {
      case ADDED_ALONE -> PairedComparison.of(y[bits], y[0]);
      case TAKEN_FROM_ALL -> PairedComparison.of(y[all], y[all ^ bits]);
      case MAIN, INTERACTION -> contrast(bits, y);
    };
  }

  /**
   * Runs in which an even number of the factors is off count +, the others -, divided by the number
   * of settings of the other factors.
   */
  private static PairedComparison contrast(int bits, double[][] y) {
    int order = Integer.bitCount(bits);
    double settings = y.length >>> order;
    double[] effect = new double[y[0].length];
    double largest = 0;
    for (int i = 0; i < effect.length; i++) {
      double plus = 0;
      double minus = 0;
      for (int s = 0; s < y.length; s++) {
        largest = Math.max(largest, Math.abs(y[s][i]));
        if (Integer.bitCount(bits & ~s) % 2 == 0) {
          plus += y[s][i];
        } else {
          minus += y[s][i];
        }
      }
      effect[i] = (plus - minus) / settings;
    }
    // Two sums of 2^k / 2 terms up to `largest` and their difference, divided, are off by at most
    // 2^(k + order - 1) ulps of it, and so the spread of equal effects by at most sqrt(2) times
    // that.
    return PairedComparison.ofDifferences(effect, Math.ulp(largest) * (y.length << order));
  }

  private static List<FactorialEffect> corrected(EffectKind kind, List<Tested> tested) {
    double[] corrected =
        HolmCorrection.adjust(
            tested.stream().flatMapToDouble(t -> t.result().p().stream()).toArray());
    PrimitiveIterator.OfDouble next = Arrays.stream(corrected).iterator();
    List<FactorialEffect> effects = new ArrayList<>();
    for (Tested t : tested) {
      effects.add(
          new FactorialEffect(
              kind,
              t.factors(),
              t.metric().reportName(),
              t.result().difference(),
              t.result().p(),
              t.result().p().isPresent()
                  ? OptionalDouble.of(next.nextDouble())
                  : OptionalDouble.empty(),
              t.result().signFlipP()));
    }
    return effects;
  }
}
