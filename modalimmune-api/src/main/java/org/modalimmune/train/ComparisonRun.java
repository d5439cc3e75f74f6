package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.ModalityStandardizer;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.Standardizer;
import org.modalimmune.data.TestData;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.Evaluator;
import org.modalimmune.evaluate.MethodPair;
import org.modalimmune.evaluate.MethodResults;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.PatternSelection;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.ReportBuilder;
import org.modalimmune.evaluate.SeedResult;

/**
 * Trains every method for every seed and measures each finished model on the test rows. Runs are
 * independent and each opens a backend of its own, so the number of workers changes the time and
 * nothing else.
 */
public final class ComparisonRun {
  private final MultimodalDataset data;
  private final List<TrainingMethod> methods;
  private final List<Long> seeds;
  private final TrainingOptions training;
  private final double validationFraction;
  private final List<MethodPair> pairs;

  /**
   * The immune method, or else the last one, against each of the others.
   *
   * @param data with a test split
   * @param methods in the order of the report, with distinct names
   * @param seeds one run of each method per seed; a seed also names the validation split
   * @param training settings of the loop
   * @param validationFraction part of the training rows that selects the epoch
   */
  public ComparisonRun(
      MultimodalDataset data,
      List<TrainingMethod> methods,
      List<Long> seeds,
      TrainingOptions training,
      double validationFraction) {
    this(data, methods, seeds, training, validationFraction, againstOthers(methods));
  }

  /**
   * A comparison.
   *
   * @param data with a test split
   * @param methods in the order of the report, with distinct names
   * @param seeds one run of each method per seed; a seed also names the validation split
   * @param training settings of the loop
   * @param validationFraction part of the training rows that selects the epoch
   * @param pairs methods to compare with each other
   */
  public ComparisonRun(
      MultimodalDataset data,
      List<TrainingMethod> methods,
      List<Long> seeds,
      TrainingOptions training,
      double validationFraction,
      List<MethodPair> pairs) {
    if (methods.isEmpty() || seeds.isEmpty()) {
      throw new IllegalArgumentException("comparison: needs at least one method and one seed");
    }
    if (methods.stream().map(TrainingMethod::name).distinct().count() != methods.size()) {
      throw new IllegalArgumentException("comparison: two methods share a name");
    }
    this.data = data;
    this.methods = List.copyOf(methods);
    this.seeds = List.copyOf(seeds);
    this.training = training;
    this.validationFraction = validationFraction;
    this.pairs = List.copyOf(pairs);
  }

  private static List<MethodPair> againstOthers(List<TrainingMethod> methods) {
    List<String> names = methods.stream().map(TrainingMethod::name).toList();
    if (names.isEmpty()) {
      return List.of();
    }
    String subject = names.contains("immune") ? "immune" : names.getLast();
    return names.stream()
        .filter(n -> !n.equals(subject))
        .map(n -> new MethodPair(subject, n))
        .toList();
  }

  /**
   * Runs everything.
   *
   * @param open opens a backend for one run; called once per run, by the worker
   * @param workers runs at a time, at least 1
   * @param environment for the report
   * @param listener hears of progress
   * @return the report's builder with all methods and comparisons
   * @throws InterruptedException if this thread is interrupted; running work is then abandoned
   */
  public ReportBuilder run(
      Supplier<Backend> open, int workers, Environment environment, ComparisonListener listener)
      throws InterruptedException {
    TestData test = data.testData();
    List<List<Future<SeedResult>>> perMethod = new ArrayList<>();
    methods.forEach(m -> perMethod.add(new ArrayList<>()));
    AtomicInteger finished = new AtomicInteger();
    int total = methods.size() * seeds.size();
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      // Seed by seed, so that the pace of every method is known early.
      for (long seed : seeds) {
        for (int m = 0; m < methods.size(); m++) {
          TrainingMethod method = methods.get(m);
          perMethod
              .get(m)
              .add(
                  pool.submit(
                      () -> {
                        SeedResult result = one(open, method, seed, test, listener);
                        listener.onRun(method.name(), seed, finished.incrementAndGet(), total);
                        return result;
                      }));
        }
      }
      List<SeedResult> results = new ArrayList<>();
      for (List<Future<SeedResult>> futures : perMethod) {
        for (Future<SeedResult> f : futures) {
          results.add(await(f));
        }
      }
      return report(results, environment);
    } finally {
      pool.shutdownNow();
    }
  }

  private SeedResult one(
      Supplier<Backend> open,
      TrainingMethod method,
      long seed,
      TestData test,
      ComparisonListener listener) {
    TrainingData rows = trainingData(seed);
    try (Backend backend = open.get();
        TrainedModel model =
            method.train(
                new ImmuneTrainer(backend, training),
                rows,
                seed,
                (record, epochs) -> listener.onEpoch(method.name(), seed, record, epochs))) {
      List<PresencePattern> patterns = PatternSelection.DEFAULT.patterns(data.modalities().size());
      return new Evaluator(
              data.schema().modalityNames(),
              model.standardizer().transform(test.split()),
              test.split().labels(),
              patterns)
          .evaluate(model.predictor(), seed, model.seconds(), model.stepsPerSecond())
          .withTraining(model.curve(), model.settings());
    }
  }

  private TrainingData trainingData(long seed) {
    return data.trainingData(ValidationOptions.seeded(seed).withFraction(validationFraction));
  }

  private static SeedResult await(Future<SeedResult> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private ReportBuilder report(List<SeedResult> results, Environment environment) {
    TrainingData first = trainingData(seeds.getFirst());
    ReportBuilder report = new ReportBuilder(describe(first), environment);
    int at = 0;
    for (TrainingMethod method : methods) {
      report.method(
          new MethodResults(
              method.name(), method.description(), results.subList(at, at + seeds.size())));
      at += seeds.size();
    }
    first.notes().forEach(report::note);
    pairs.forEach(p -> report.compare(p.method(), p.against()));
    return report;
  }

  private DataDescription describe(TrainingData first) {
    List<ModalityDescription> modalities =
        Standardizer.fit(first.train()).modalities().stream().map(ComparisonRun::describe).toList();
    return new DataDescription(
        data.name(),
        first.train().rows(),
        first.validation().rows(),
        data.testData().split().rows(),
        data.schema().classNames(),
        modalities);
  }

  private static ModalityDescription describe(ModalityStandardizer m) {
    return new ModalityDescription(
        m.input().name(), m.input().columnNames().size(), m.droppedColumns().size());
  }
}
