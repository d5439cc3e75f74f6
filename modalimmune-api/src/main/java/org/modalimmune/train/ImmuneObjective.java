package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.CollapseLossOptions;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Shape;

/**
 * The immune method: spectrum-adaptive noise on the inputs, each projected embedding computed once
 * and fused under the full and R drawn patterns, light distillation from the full prediction, and a
 * silent term. Loss, with p the full prediction without gradient:
 *
 * <pre>
 * w_full CE(y, full) + w_pattern mean_R CE(y, pattern) + w_distil mean_R CE(p, pattern)
 *   + w_silent CE(y, silently collapsed) + w_rec reconstruction + w_collapse collapse loss
 * </pre>
 */
final class ImmuneObjective implements Objective {
  /** By how much an adapted weight may leave its start. */
  private static final double WEIGHT_RANGE = 8;

  /** How far an adapted severity stays away from 0 and 1. */
  private static final double SEVERITY_MARGIN = 0.02;

  private final ImmuneOptions options;
  private final MetaParameters meta;
  private final InputNoise noise;
  private final List<PresencePattern> arms;
  private final PatternController controller;
  private final PatternWeights patternWeights;
  private final MetaParameters.Setting fullWeight;
  private final MetaParameters.Setting distillation;
  private final MetaParameters.Setting silentWeight;
  private final MetaParameters.Setting severity;
  private final SilentTerm silent;
  private final CollapseTerm collapse;

  ImmuneObjective(ImmuneOptions options, ObjectiveFactory.Context context) {
    this.options = options;
    ImmuneOptions.Weights weights = options.weights();
    this.meta =
        new MetaParameters(
            context.ops().scope(),
            context.features().getFirst().dtype(),
            options.hyperGradient().adapted());
    this.noise = new InputNoise(options, context, meta);
    this.arms = context.patterns().stream().filter(p -> !p.isFull()).toList();
    this.controller =
        new PatternController(
            options.controller(),
            arms,
            PresencePattern.full(context.features().size()),
            context.classes(),
            context.steps());
    this.patternWeights = new PatternWeights(arms, meta);
    this.fullWeight = weight("full", weights.full());
    this.distillation = weight("distillation", weights.distillation());
    this.silentWeight = weight("silent", weights.silent());
    this.severity =
        meta.fraction(MetaGroup.SEVERITY, "severity", options.severity(), SEVERITY_MARGIN);
    this.silent = new SilentTerm(options.interventions(), severity);
    this.collapse = new CollapseTerm(context.features().size(), CollapseLossOptions.defaults());
  }

  private MetaParameters.Setting weight(String name, double start) {
    return meta.positive(MetaGroup.WEIGHTS, "weight." + name, start, WEIGHT_RANGE);
  }

  @Override
  public void adapt(long step, long steps, HeldOutLoss heldOut, RandomKey key) {
    controller.adapt(step, steps, heldOut, key.fold("controller"));
  }

  @Override
  public Optional<MetaParameters> metaParameters() {
    return Optional.of(meta);
  }

  @Override
  public HyperGradientOptions hyperGradient() {
    return options.hyperGradient();
  }

  @Override
  public MaskingSettings masking() {
    return options.masking();
  }

  @Override
  public StepLoss loss(MultimodalModel model, Batch batch, RandomKey key) {
    ImmuneOptions.Weights weights = options.weights();
    Tape tape = batch.tape();
    Pass pass = Pass.training(key.fold("dropout"));
    List<Variable> projected = new ArrayList<>();
    for (int m = 0; m < batch.modalities(); m++) {
      projected.add(model.project(m, noise.perturbed(batch, m, key.fold("noise").fold(m)), pass));
    }
    double[] probabilities = controller.probabilities();
    PatternDraw draw =
        PatternDraw.of(
            batch,
            arms,
            arms.isEmpty() ? 0 : options.patterns(),
            probabilities,
            key.fold("patterns"));
    Variable told = draw.masks().toVariable();
    Variable fused = model.fuse(projected, told, told);
    Variable logits = model.logits(fused);
    Variable logProbabilities = Normalization.logSoftmax(logits);
    Variable target = target(batch, draw, probabilities, logProbabilities);
    Variable loss = Elementwise.scale(Reduction.dot(logProbabilities, target), -1.0 / batch.size());
    Variable reconstruction = tape.constant(0, loss.dtype());
    if (weights.reconstruction() > 0) {
      Variable shown = Shaping.select(fused, 1, draw.drawn() > 0 ? 1 : 0);
      Variable term = ReconstructionLoss.of(model, batch, shown, pass);
      reconstruction = Elementwise.scale(term, weights.reconstruction());
      loss = Elementwise.add(loss, reconstruction);
    }
    Optional<GuardedLoss> guarded =
        options.masking().isOn() && isDestructive(draw)
            ? Optional.of(guarded(batch, logProbabilities, target, reconstruction))
            : Optional.empty();
    List<Variable> outputs = new ArrayList<>(List.of(logits));
    if (weights.silent() > 0 && draw.drawn() > 0) {
      SilentTerm.Term term =
          silent.of(model, batch, projected, draw.masks(), pass, key.fold("silent"));
      outputs.add(term.logits());
      loss = Elementwise.add(loss, Elementwise.multiply(term.loss(), silentWeight.on(tape)));
    }
    if (weights.collapse() > 0 && draw.drawn() > 0) {
      long kept = arms.get(draw.arms()[0]).mask();
      double strength = severity.on(tape).tensor().item();
      Variable term = collapse.of(projected, kept, strength, key.fold("collapse"));
      loss = Elementwise.add(loss, Elementwise.scale(term, weights.collapse()));
    }
    return new StepLoss(loss, guarded, outputs);
  }

  /** Whether anything is left to mask beside what is protected. */
  private boolean isDestructive(PatternDraw draw) {
    return draw.drawn() > 0
        && (options.masking().guarded() == GuardedPart.COMPLETE
            || options.weights().silent() > 0
            || options.weights().collapse() > 0);
  }

  /** The protected cross-entropies and the reconstruction. */
  private GuardedLoss guarded(
      Batch batch, Variable logProbabilities, Variable target, Variable reconstruction) {
    long presentations =
        options.masking().guarded() == GuardedPart.COMPLETE ? 1 : target.shape().dim(1);
    Variable weighted =
        Elementwise.multiply(
            Shaping.slice(logProbabilities, 1, 0, presentations),
            Shaping.slice(target, 1, 0, presentations));
    Variable rows =
        Elementwise.negate(
            Shaping.reshape(
                Reduction.sumTo(weighted, Shape.of(batch.size(), 1, 1)), Shape.of(batch.size())));
    return new GuardedLoss(Elementwise.add(Reduction.mean(rows), reconstruction), rows);
  }

  /** Weighted target distributions [B, 1 + R, C]; the weights of the loss are in them. */
  private Variable target(
      Batch batch, PatternDraw draw, double[] probabilities, Variable logProbabilities) {
    Tape tape = batch.tape();
    Variable truth =
        Shaping.reshape(Targets.oneHot(batch), Shape.of(batch.size(), 1, batch.classes()));
    Variable full = Elementwise.multiply(truth, fullWeight.on(tape));
    if (draw.drawn() == 0) {
      return full;
    }
    Variable believed = Elementwise.exp(Shaping.slice(logProbabilities.detach(), 1, 0, 1));
    Variable taught = Elementwise.multiply(believed, distillation.on(tape));
    Variable pattern =
        Elementwise.add(Elementwise.scale(truth, options.weights().pattern()), taught);
    Shape wide = Shape.of(batch.size(), draw.drawn(), batch.classes());
    Variable each = Shaping.expand(Elementwise.scale(pattern, 1.0 / draw.drawn()), wide);
    return Shaping.concat(1, List.of(full, patternWeights.weigh(each, draw, probabilities)));
  }

  @Override
  public SortedMap<String, String> configuration() {
    return RecordSettings.of(options);
  }

  @Override
  public TrainingState state() {
    return TrainingState.ofParts(
        Map.of("controller", controller.state(), "collapse", collapse.state()));
  }

  @Override
  public void restore(TrainingState state) {
    state.requireOnly(Set.of("controller", "collapse"));
    controller.restore(state.part("controller"));
    collapse.restore(state.part("collapse"));
  }

  @Override
  public SortedMap<String, Double> settings() {
    SortedMap<String, Double> settings = new TreeMap<>(meta.values());
    settings.putAll(controller.settings());
    return settings;
  }
}
