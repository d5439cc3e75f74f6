package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.SpectralNoise;
import org.modalimmune.collapse.WithinClassCovariance;
import org.modalimmune.controller.ArmDistribution;
import org.modalimmune.controller.DiscountedHedge;
import org.modalimmune.controller.FixedDistribution;
import org.modalimmune.controller.FullInformationController;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Shape;

/**
 * The immune method: spectrum-adaptive noise on the inputs, each projected embedding computed once
 * and fused under the full and R drawn patterns, light distillation from the full prediction, and a
 * silent term. Loss, with p the full prediction without gradient:
 *
 * <pre>
 * w_full CE(y, full) + w_pattern mean_R CE(y, pattern) + w_distil mean_R CE(p, pattern)
 *   + w_silent CE(y, silently replaced) + w_rec reconstruction
 * </pre>
 */
final class ImmuneObjective implements Objective {
  private final ImmuneOptions options;
  private final List<SpectralNoise> noise = new ArrayList<>();
  private final List<PresencePattern> arms;
  private final ArmDistribution controller;
  private final SilentTerm silent;

  ImmuneObjective(ImmuneOptions options, ObjectiveFactory.Context context) {
    this.options = options;
    for (var x : context.features()) {
      noise.add(
          SpectralNoise.ofCovariance(
              context.ops(),
              WithinClassCovariance.of(context.ops(), x, context.labels(), context.classes())));
    }
    this.arms = context.patterns().stream().filter(p -> !p.isFull()).toList();
    this.controller = controller(options, arms, context.classes());
    this.silent = new SilentTerm(options.severity());
  }

  private static ArmDistribution controller(
      ImmuneOptions options, List<PresencePattern> arms, int classes) {
    if (arms.isEmpty()) {
      return FixedDistribution.of(1);
    }
    FixedDistribution stratified =
        FixedDistribution.stratified(arms.stream().mapToInt(PresencePattern::size).toArray());
    return switch (options.controller()) {
      case UNIFORM -> FixedDistribution.uniform(arms.size());
      case STRATIFIED -> stratified;
      case HEDGE ->
          new DiscountedHedge(
              stratified,
              new DiscountedHedge.Settings(
                  options.hedge().temperature(),
                  Math.log(classes),
                  options.hedge().mix(),
                  options.hedge().memory()));
    };
  }

  @Override
  public void adapt(long step, long steps, HeldOutLoss heldOut) {
    ImmuneOptions.HedgeOptions hedge = options.hedge();
    if (!(controller instanceof FullInformationController learner)
        || step % hedge.interval() != 0
        || step < hedge.warmUpFraction() * steps) {
      return;
    }
    double[] all = heldOut.perPattern();
    double[] losses = new double[arms.size()];
    int at = 0;
    for (int i = 0; i < all.length; i++) {
      if (!heldOut.patterns().get(i).isFull()) {
        losses[at++] = all[i];
      }
    }
    learner.observe(losses);
  }

  @Override
  public Variable loss(MultimodalModel model, Batch batch, RandomKey key) {
    Pass pass = Pass.training(key.fold("dropout"));
    List<Variable> projected = new ArrayList<>();
    for (int m = 0; m < batch.modalities(); m++) {
      projected.add(model.project(m, perturbed(batch, m, key.fold("noise").fold(m)), pass));
    }
    int drawn = arms.isEmpty() ? 0 : options.patterns();
    PresenceMasks masks = draw(batch, drawn, key.fold("patterns"));
    Variable told = masks.toVariable();
    Variable fused = model.fuse(projected, told, told);
    Variable logProbabilities = Normalization.logSoftmax(model.logits(fused));
    Variable target = target(batch, drawn, logProbabilities);
    Variable loss = Elementwise.scale(Reduction.dot(logProbabilities, target), -1.0 / batch.size());
    if (options.silentWeight() > 0 && drawn > 0) {
      Variable term = silent.loss(model, batch, projected, masks, pass, key.fold("silent"));
      loss = Elementwise.add(loss, Elementwise.scale(term, options.silentWeight()));
    }
    if (options.reconstructionWeight() > 0) {
      Variable shown = Shaping.select(fused, 1, drawn > 0 ? 1 : 0);
      Variable term = ReconstructionLoss.of(model, batch, shown, pass);
      loss = Elementwise.add(loss, Elementwise.scale(term, options.reconstructionWeight()));
    }
    return loss;
  }

  private Variable perturbed(Batch batch, int modality, RandomKey key) {
    Variable x = batch.features(modality);
    if (options.isotropicNoise() == 0 && options.spectralNoise() == 0) {
      return x;
    }
    return noise
        .get(modality)
        .perturb(
            x,
            batch.tape().constant(options.isotropicNoise(), x.dtype()),
            batch.tape().constant(options.spectralNoise(), x.dtype()),
            key);
  }

  /** Presentation 0 is the full pattern, 1 .. R are drawn. */
  private PresenceMasks draw(Batch batch, int drawn, RandomKey key) {
    PresenceMasks masks = new PresenceMasks(batch, 1 + drawn);
    RandomStream random = new RandomStream(key);
    double[] probabilities = controller.probabilities();
    for (int i = 0; i < batch.size(); i++) {
      masks.set(i, 0, PresencePattern.full(batch.modalities()).mask());
      for (int r = 1; r <= drawn; r++) {
        masks.set(i, r, arms.get(random.nextIndex(probabilities)).mask());
      }
    }
    return masks;
  }

  /** Weighted target distributions [B, 1 + R, C]; the weights of the loss are in them. */
  private Variable target(Batch batch, int drawn, Variable logProbabilities) {
    Variable truth =
        Shaping.reshape(Targets.oneHot(batch), Shape.of(batch.size(), 1, batch.classes()));
    if (drawn == 0) {
      return Elementwise.scale(truth, options.fullWeight());
    }
    Variable believed = Elementwise.exp(Shaping.slice(logProbabilities.detach(), 1, 0, 1));
    Variable pattern =
        Elementwise.add(
            Elementwise.scale(truth, options.patternWeight() / drawn),
            Elementwise.scale(believed, options.distillation() / drawn));
    Shape wide = Shape.of(batch.size(), drawn, batch.classes());
    return Shaping.concat(
        1, List.of(Elementwise.scale(truth, options.fullWeight()), Shaping.expand(pattern, wide)));
  }

  @Override
  public SortedMap<String, Double> settings() {
    SortedMap<String, Double> settings = new TreeMap<>();
    double[] q = controller.probabilities();
    double[] bySize = new double[arms.isEmpty() ? 0 : arms.getFirst().modalities()];
    for (int k = 0; k < arms.size(); k++) {
      bySize[arms.get(k).size()] += q[k];
    }
    for (int size = 1; size < bySize.length; size++) {
      settings.put("controller.share." + size + "-present", bySize[size]);
    }
    return settings;
  }
}
