package org.modalimmune.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;

/**
 * Collects the results of several methods and forms the report: summaries over seeds, aggregates
 * over patterns, and paired comparisons. Not thread-safe; the report depends on what was added and
 * the order of the methods, never on the order in which seeds finished.
 */
public final class ReportBuilder {

  private final DataDescription data;
  private final Environment environment;
  private final List<MethodResults> methods = new ArrayList<>();
  private final List<MethodPair> pairs = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<FactorialDesign> design = Optional.empty();
  private Ceilings ceilings = Ceilings.UNKNOWN;
  private String command = "";

  private record Tested(MethodPair pair, ComparisonMetric metric, PairedComparison result) {}

  /**
   * Starts a report.
   *
   * @param data the data
   * @param environment where it is made
   */
  public ReportBuilder(DataDescription data, Environment environment) {
    this.data = data;
    this.environment = environment;
  }

  /**
   * Sets the best values possible.
   *
   * @param known the ceilings
   * @return this builder
   */
  public ReportBuilder ceilings(Ceilings known) {
    this.ceilings = known;
    return this;
  }

  /**
   * Sets the command line that makes the report.
   *
   * @param line the command line
   * @return this builder
   */
  public ReportBuilder command(String line) {
    this.command = line;
    return this;
  }

  /**
   * Adds a sentence for the reader.
   *
   * @param note the sentence
   * @return this builder
   */
  public ReportBuilder note(String note) {
    notes.add(note);
    return this;
  }

  /**
   * Adds a method.
   *
   * @param results its results for all seeds
   * @return this builder
   * @throws IllegalArgumentException if a method of that name was added, or the patterns have
   *     another number of modalities than the data
   */
  public ReportBuilder method(MethodResults results) {
    if (find(results.name()).isPresent()) {
      throw new IllegalArgumentException("report: method " + results.name() + " occurs twice");
    }
    int modalities = results.seeds().getFirst().told().firstKey().modalities();
    if (modalities != data.modalities().size()) {
      throw new IllegalArgumentException(
          "report: method "
              + results.name()
              + " was evaluated on "
              + modalities
              + " modalities, the data have "
              + data.modalities().size());
    }
    methods.add(results);
    return this;
  }

  /**
   * Asks for the comparison of two added methods in {@link ComparisonMetric#OF_METHODS}.
   *
   * @param method name of the first method
   * @param against name of the second
   * @return this builder
   * @throws IllegalArgumentException if a method was not added, or their seeds differ
   */
  public ReportBuilder compare(String method, String against) {
    List<Long> seeds = seeds(method);
    if (method.equals(against) || !seeds.equals(seeds(against))) {
      throw new IllegalArgumentException(
          "report: cannot pair "
              + method
              + " (seeds "
              + seeds
              + ") with "
              + against
              + " (seeds "
              + seeds(against)
              + "); two methods with the same seeds are needed");
    }
    pairs.add(new MethodPair(method, against));
    return this;
  }

  /**
   * Asks for the effects of factors whose every combination was added as a method.
   *
   * @param experiment factors and names of the methods
   * @return this builder
   * @throws IllegalArgumentException if a method was not added, or their seeds differ
   */
  public ReportBuilder factorial(FactorialDesign experiment) {
    List<Long> seeds = seeds(experiment.runs().getFirst());
    for (String run : experiment.runs()) {
      if (!seeds.equals(seeds(run))) {
        throw new IllegalArgumentException(
            "report: "
                + run
                + " has seeds "
                + seeds(run)
                + ", "
                + experiment.runs().getFirst()
                + " has "
                + seeds
                + "; the runs of a factorial experiment need the same");
      }
    }
    this.design = Optional.of(experiment);
    return this;
  }

  /**
   * Forms the report.
   *
   * @return the report
   */
  public Report build() {
    List<MethodReport> reports =
        methods.stream()
            .map(m -> new MethodAggregator(m, data.modalityNames(), ceilings).aggregate())
            .toList();
    Optional<FactorialReport> ablation =
        design.map(d -> new FactorialReport(d, new FactorialAnalysis(d, reports).effects()));
    return new Report(data, environment, command, reports, comparisons(reports), ablation, notes);
  }

  private List<Comparison> comparisons(List<MethodReport> reports) {
    List<Tested> tested = new ArrayList<>();
    for (MethodPair pair : pairs) {
      MethodReport a = named(reports, pair.method());
      MethodReport b = named(reports, pair.against());
      for (ComparisonMetric metric : ComparisonMetric.OF_METHODS) {
        Optional<Summary> left = metric.of(a);
        Optional<Summary> right = metric.of(b);
        if (left.isPresent() && right.isPresent()) {
          tested.add(
              new Tested(pair, metric, PairedComparison.of(array(left.get()), array(right.get()))));
        }
      }
    }
    double[] corrected =
        HolmCorrection.adjust(
            tested.stream().flatMapToDouble(t -> t.result().p().stream()).toArray());
    // Comparisons of one seed have no p-value and are no part of the family.
    PrimitiveIterator.OfDouble next = Arrays.stream(corrected).iterator();
    List<Comparison> comparisons = new ArrayList<>();
    for (Tested t : tested) {
      comparisons.add(
          new Comparison(
              t.pair().method(),
              t.pair().against(),
              t.metric().reportName(),
              t.result().difference(),
              t.result().p(),
              t.result().p().isPresent()
                  ? OptionalDouble.of(next.nextDouble())
                  : OptionalDouble.empty(),
              t.result().signFlipP()));
    }
    return comparisons;
  }

  private static double[] array(Summary summary) {
    return summary.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static MethodReport named(List<MethodReport> reports, String name) {
    return reports.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private List<Long> seeds(String name) {
    MethodResults results =
        find(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "report: there is no method "
                            + name
                            + "; added are "
                            + methods.stream().map(MethodResults::name).toList()));
    return results.seeds().stream().map(SeedResult::seed).toList();
  }

  private Optional<MethodResults> find(String name) {
    return methods.stream().filter(m -> m.name().equals(name)).findFirst();
  }
}
