package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.data.Modality;
import org.modalimmune.data.Standardizer;
import org.modalimmune.data.TrainingData;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.PatternSelection;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.io.DataException;
import org.modalimmune.optim.AdamW;
import org.modalimmune.optim.CosineSchedule;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.optim.Schedule;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * The training loop: standardise on the training rows, AdamW with a cosine schedule, and the epoch
 * selected whose cross-entropy on the validation rows, averaged over all presence patterns, is
 * lowest. Every draw comes from the seed; the same seed gives the same bits on one backend.
 */
public final class ImmuneTrainer {
  private final Backend backend;
  private final TrainingOptions options;
  private final Optional<CheckpointOptions> checkpoints;

  /** A trainer on a backend, without checkpoints. */
  public ImmuneTrainer(Backend backend, TrainingOptions options) {
    this(backend, options, Optional.empty());
  }

  private ImmuneTrainer(
      Backend backend, TrainingOptions options, Optional<CheckpointOptions> checkpoints) {
    this.backend = backend;
    this.options = options;
    this.checkpoints = checkpoints;
  }

  /**
   * The same trainer, which saves its run and may continue a saved one: to the bits of a run that
   * was never interrupted, on the same backend with the same vector width. For one model.
   */
  public ImmuneTrainer withCheckpoints(CheckpointOptions saved) {
    return new ImmuneTrainer(backend, options, Optional.of(saved));
  }

  /** The backend that computes. */
  public Backend backend() {
    return backend;
  }

  /** The loop's settings. */
  public TrainingOptions options() {
    return options;
  }

  /** Where a run is saved; empty if it is not. */
  public Optional<CheckpointOptions> checkpoints() {
    return checkpoints;
  }

  /**
   * Trains one model.
   *
   * @param data training and validation rows
   * @param method name for messages
   * @param factory makes the objective
   * @param seed names every draw
   * @param listener hears of each epoch
   * @throws TrainingDivergedException if the loss stops being finite
   * @throws DataException if there are checkpoints and one cannot be written, or the one to
   *     continue from cannot be read or is of another run
   */
  public TrainedNetwork train(
      TrainingData data,
      String method,
      ObjectiveFactory factory,
      long seed,
      TrainingListener listener) {
    long start = System.nanoTime();
    Optional<CheckpointContent> stored = checkpoints.flatMap(RunCheckpoints::read);
    Standardizer standardizer = Standardizer.fit(data.train());
    Scope kept = backend.newScope();
    boolean done = false;
    try (Scope run = backend.newScope()) {
      MultimodalModel model =
          new MultimodalModel(
              backend.ops(kept),
              standardizer.output(),
              data.schema().classNames().size(),
              options.model(),
              RandomKey.of(seed).fold("parameters"));
      Run r = new Run(data, standardizer, model, factory, seed, run, method);
      Optional<RunCheckpoints> saved =
          checkpoints.map(
              c ->
                  new RunCheckpoints(
                      c, r.identity(data, seed), r.state(), options.epochs(), start));
      List<EpochRecord> behind = saved.flatMap(s -> stored.map(s::resume)).orElseGet(List::of);
      List<EpochRecord> curve = r.loop(behind, saved, listener);
      double seconds =
          saved.map(RunCheckpoints::seconds).orElseGet(() -> (System.nanoTime() - start) / 1e9);
      done = true;
      return new TrainedNetwork(
          backend,
          kept,
          model,
          standardizer,
          data.schema(),
          method,
          seed,
          curve,
          r.settings(),
          seconds,
          r.steps / seconds);
    } finally {
      if (!done) {
        kept.close();
      }
    }
  }

  /** State of one run. */
  private final class Run {
    private final MultimodalModel model;
    private final DeviceRows rows;
    private final ValidationLoss validation;
    private final Objective objective;
    private final List<ParameterGroup> groups = new ArrayList<>();
    private final Optimizer optimizer;
    private final Optional<HyperGradientTuner> tuner;
    private final Optional<TrainingMask> mask;
    private final Schedule schedule;
    private final RandomKey key;
    private final String method;
    private final List<Tensor> best = new ArrayList<>();
    private final Ops runOps;
    private final int batches;
    private final long steps;

    Run(
        TrainingData data,
        Standardizer standardizer,
        MultimodalModel model,
        ObjectiveFactory factory,
        long seed,
        Scope run,
        String method) {
      this.model = model;
      this.method = method;
      this.key = RandomKey.of(seed);
      this.runOps = backend.ops(run);
      int classes = model.classes();
      List<PresencePattern> patterns =
          PatternSelection.DEFAULT.patterns(standardizer.output().size());
      this.rows =
          new DeviceRows(
              run,
              options.model().dtype(),
              standardizer.transform(data.train()),
              data.train().labels());
      this.validation =
          new ValidationLoss(
              backend,
              model,
              new DeviceRows(
                  run,
                  options.model().dtype(),
                  standardizer.transform(data.validation()),
                  data.validation().labels()),
              patterns);
      List<Tensor> features = new ArrayList<>();
      for (int m = 0; m < rows.modalities(); m++) {
        features.add(rows.features(m));
        groups.add(
            new ParameterGroup(
                "encoder." + model.modalities().get(m).name(),
                model.encoderParameters(m),
                options.weightDecay()));
      }
      groups.add(new ParameterGroup("shared", model.sharedParameters(), options.weightDecay()));
      this.batches = Math.max(1, Math.ceilDiv(rows.rows(), options.batchSize()));
      this.steps = (long) batches * options.epochs();
      this.objective =
          factory.create(
              new ObjectiveFactory.Context(
                  runOps,
                  model.modalities().stream().map(Modality::name).toList(),
                  features,
                  rows.labels(),
                  classes,
                  patterns,
                  steps));
      this.optimizer = new AdamW(runOps, groups);
      this.mask =
          objective.masking().isOn()
              ? Optional.of(new TrainingMask(objective.masking(), optimizer, groups))
              : Optional.empty();
      this.tuner =
          objective
              .metaParameters()
              .filter(m -> objective.hyperGradient().isOn())
              .map(
                  m ->
                      new HyperGradientTuner(
                          backend, objective, m, model, rows, validation, optimizer, groups));
      this.schedule = new CosineSchedule(options.learningRate(), options.floorFraction(), steps);
      model.parameters().forEach(p -> best.add(runOps.copy(p.value())));
    }

    List<EpochRecord> loop(
        List<EpochRecord> behind, Optional<RunCheckpoints> saved, TrainingListener listener) {
      List<EpochRecord> curve = new ArrayList<>(behind);
      if (!behind.isEmpty()) {
        listener.onResume(List.copyOf(behind), options.epochs());
      }
      double lowest =
          behind.stream()
              .mapToDouble(r -> r.validationCrossEntropy().orElseThrow())
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      for (int epoch = behind.size() + 1; epoch <= options.epochs(); epoch++) {
        double loss = epoch(epoch);
        double heldOut = mean(validation.perPattern());
        if (heldOut < lowest) {
          lowest = heldOut;
          keep();
        }
        EpochRecord record = new EpochRecord(epoch, loss, OptionalDouble.of(heldOut));
        curve.add(record);
        saved.ifPresent(s -> s.afterEpoch(curve));
        listener.onEpoch(record, options.epochs());
      }
      restore();
      return curve;
    }

    private double epoch(int epoch) {
      int[] order = new int[rows.rows()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      new RandomStream(key.fold("order").fold(epoch)).shuffle(order);
      double sum = 0;
      for (int b = 0; b < batches; b++) {
        int from = (int) ((long) b * order.length / batches);
        int to = (int) ((long) (b + 1) * order.length / batches);
        int[] chosen = Arrays.copyOfRange(order, from, to);
        long step = (long) (epoch - 1) * batches + b;
        double loss = finiteStep(chosen, step);
        if (!Double.isFinite(loss)) {
          throw new TrainingDivergedException(
              method
                  + ": the loss became "
                  + loss
                  + " in epoch "
                  + epoch
                  + ", step "
                  + step
                  + "; lower the learning rate ("
                  + options.learningRate()
                  + ")");
        }
        sum += loss;
      }
      return sum / batches;
    }

    /** What a controller or a collapse refuses once the model overflows is told as divergence. */
    private double finiteStep(int[] chosen, long step) {
      try {
        return step(chosen, step);
      } catch (IllegalArgumentException e) {
        if (Double.isFinite(mean(validation.perPattern()))) {
          throw e;
        }
        throw new TrainingDivergedException(
            method
                + ": the held-out loss stopped being finite before step "
                + step
                + "; lower the learning rate ("
                + options.learningRate()
                + "); "
                + e.getMessage(),
            e);
      }
    }

    private double step(int[] chosen, long step) {
      RandomKey stepKey = key.fold("step").fold(step);
      objective.adapt(step, steps, validation, stepKey);
      if (tuner.isPresent()) {
        tuner.get().adapt(chosen, stepKey, step, steps);
      }
      try (Tape tape = new Tape(backend)) {
        Batch batch = new Batch(tape, rows, chosen, model.classes());
        StepLoss loss = objective.loss(model, batch, stepKey);
        double value = loss.total().tensor().item();
        if (Double.isFinite(value)) {
          double rate = schedule.at(step);
          optimizer.step(gradients(tape, loss, step, rate), rate);
        }
        return value;
      }
    }

    private List<Tensor> gradients(Tape tape, StepLoss loss, long step, double rate) {
      if (mask.isPresent()
          && loss.guarded().isPresent()
          && rate > 0
          && step > objective.masking().warmUpFraction() * steps) {
        return mask.get().gradients(tape, loss, loss.guarded().get(), rate);
      }
      List<Variable> leaves =
          optimizer.parameters().stream().map(p -> tape.leaf(p.value())).toList();
      return Gradients.of(loss.total(), leaves).stream().map(Variable::tensor).toList();
    }

    SortedMap<String, Double> settings() {
      SortedMap<String, Double> settings = new TreeMap<>(objective.settings());
      tuner.ifPresent(t -> settings.putAll(t.settings()));
      mask.ifPresent(m -> settings.putAll(m.settings()));
      return settings;
    }

    /** What decides the run's bits. */
    RunIdentity identity(TrainingData data, long seed) {
      return RunIdentity.of(method, objective.configuration(), seed, backend.name(), data, options);
    }

    /** What it continues from. */
    RunState state() {
      SortedMap<String, RunState.Part> parts = new TreeMap<>();
      parts.put("objective", new RunState.Part(objective::state, objective::restore));
      tuner.ifPresent(t -> parts.put("hypergradient", new RunState.Part(t::state, t::restore)));
      mask.ifPresent(m -> parts.put("masking", new RunState.Part(m::state, m::restore)));
      return new RunState(model.parameters(), best, optimizer, groups, parts);
    }

    private void keep() {
      for (int i = 0; i < best.size(); i++) {
        runOps.copyTo(model.parameters().get(i).value(), best.get(i));
      }
    }

    private void restore() {
      for (int i = 0; i < best.size(); i++) {
        runOps.copyTo(best.get(i), model.parameters().get(i).value());
      }
    }
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }
}
