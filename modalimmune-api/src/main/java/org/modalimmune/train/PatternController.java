package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.controller.ArmDistribution;
import org.modalimmune.controller.BanditController;
import org.modalimmune.controller.DiscountedHedge;
import org.modalimmune.controller.Exp3Ix;
import org.modalimmune.controller.Exp3P;
import org.modalimmune.controller.FixedDistribution;
import org.modalimmune.controller.FullInformationController;
import org.modalimmune.controller.ImportanceWeightedRegret;
import org.modalimmune.controller.RegretBound;
import org.modalimmune.controller.RegretBounded;
import org.modalimmune.controller.RegretLedger;
import org.modalimmune.controller.Restorable;
import org.modalimmune.controller.RewardClipper;
import org.modalimmune.controller.RewardScale;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * Chooses the incomplete patterns to train on, and learns at fixed intervals from their losses on
 * held-out rows: from all of them, or from a few that it draws.
 */
final class PatternController {
  private final ControllerOptions options;
  private final List<PresencePattern> patterns;
  private final PresencePattern full;
  private final ArmDistribution distribution;
  private final RewardClipper clipper;
  private final RegretLedger ledger;
  private final ImportanceWeightedRegret estimate;

  /**
   * @param patterns the incomplete ones; none with a single modality
   * @param full the complete one
   * @param classes number of classes, the scale of the losses
   * @param steps training steps of the whole run
   */
  PatternController(
      ControllerOptions options,
      List<PresencePattern> patterns,
      PresencePattern full,
      int classes,
      long steps) {
    this.options = options;
    this.patterns = List.copyOf(patterns);
    this.full = full;
    double unit = Math.log(Math.max(2, classes));
    this.distribution = distribution(unit, rounds(options, steps));
    this.clipper = new RewardClipper(scale(unit));
    this.ledger = new RegretLedger(distribution.arms());
    this.estimate = new ImportanceWeightedRegret(distribution.arms());
  }

  private ArmDistribution distribution(double unit, long rounds) {
    if (patterns.isEmpty()) {
      return FixedDistribution.of(1);
    }
    FixedDistribution stratified =
        FixedDistribution.stratified(patterns.stream().mapToInt(PresencePattern::size).toArray());
    return switch (options.kind()) {
      case UNIFORM -> FixedDistribution.uniform(patterns.size());
      case STRATIFIED -> stratified;
      case HEDGE ->
          new DiscountedHedge(
              stratified,
              new DiscountedHedge.Settings(
                  options.temperature(), unit, options.mix(), options.memory()));
      case EXP3_IX -> Exp3Ix.forRounds(stratified, rounds);
      case EXP3P -> Exp3P.forRounds(stratified, rounds, options.delta());
    };
  }

  /** Looks of a whole run. */
  private static long rounds(ControllerOptions options, long steps) {
    long warmUp = (long) Math.ceil(options.warmUpFraction() * steps);
    return Math.max(
        1, Math.ceilDiv(steps, options.interval()) - Math.ceilDiv(warmUp, options.interval()));
  }

  /** From no loss to that of a guess; a gain may be as far below zero as above. */
  private RewardScale scale(double unit) {
    return switch (options.gain()) {
      case PATTERN_LOSS -> new RewardScale(0, unit);
      case V_INFORMATION -> new RewardScale(-unit, unit);
      case SQUARED_DIFFERENCE -> new RewardScale(0, unit * unit);
    };
  }

  /** One probability per pattern; a copy. */
  double[] probabilities() {
    return distribution.probabilities();
  }

  /** Looks at the held-out rows if a look is due before this step. */
  void adapt(long step, long steps, HeldOutLoss heldOut, RandomKey key) {
    if (patterns.isEmpty()
        || distribution instanceof FixedDistribution
        || step % options.interval() != 0
        || step < options.warmUpFraction() * steps) {
      return;
    }
    double[] before = distribution.probabilities();
    switch (distribution) {
      case FullInformationController learner -> {
        double[] gains = gains(heldOut, patterns);
        ledger.addExpected(before, clipper.toRewards(gains));
        learner.observe(gains);
      }
      case BanditController learner -> {
        int[] drawn = learner.draw(new RandomStream(key), options.draws());
        List<PresencePattern> measured = new ArrayList<>();
        for (int arm : drawn) {
          measured.add(patterns.get(arm));
        }
        double[] rewards = clipper.toRewards(gains(heldOut, measured));
        estimate.add(before, drawn, rewards);
        learner.observe(drawn, rewards);
      }
      case FixedDistribution fixed -> {}
    }
  }

  private double[] gains(HeldOutLoss heldOut, List<PresencePattern> measured) {
    List<PresencePattern> all = new ArrayList<>(measured);
    all.add(full);
    double[] losses = heldOut.of(all);
    double[] incomplete = new double[measured.size()];
    System.arraycopy(losses, 0, incomplete, 0, incomplete.length);
    return options.gain().of(losses[incomplete.length], incomplete);
  }

  /** Progress of the controller and of what measures it. */
  TrainingState state() {
    Map<String, TrainingState> parts = new TreeMap<>();
    parts().forEach((name, part) -> parts.put(name, ControllerStates.toTraining(part.state())));
    return TrainingState.ofParts(parts);
  }

  /**
   * Continues from a state.
   *
   * @throws IllegalArgumentException if it is not of a controller with the same settings
   */
  void restore(TrainingState state) {
    state.requireOnly(parts().keySet());
    parts().forEach((name, part) -> part.restore(ControllerStates.ofTraining(state.part(name))));
  }

  private SortedMap<String, Restorable> parts() {
    return new TreeMap<>(
        Map.of(
            "distribution", distribution,
            "rewards", clipper,
            "regret", ledger,
            "regret-estimate", estimate));
  }

  /** Shares by number of present modalities, regret so far and its bound, for the report. */
  SortedMap<String, Double> settings() {
    SortedMap<String, Double> settings = new TreeMap<>();
    double[] q = distribution.probabilities();
    double[] bySize = new double[full.modalities()];
    for (int k = 0; k < patterns.size(); k++) {
      bySize[patterns.get(k).size()] += q[k];
    }
    for (int size = 1; size < bySize.length; size++) {
      settings.put("controller.share." + size + "-present", bySize[size]);
    }
    if (ledger.rounds() > 0) {
      settings.put("controller.rounds", (double) ledger.rounds());
      settings.put("controller.regret", ledger.regret());
    }
    if (estimate.rounds() > 0) {
      settings.put("controller.rounds", (double) estimate.rounds());
      settings.put("controller.regret-estimate", estimate.estimatedRegret());
    }
    if (clipper.seen() > 0) {
      settings.put("controller.rewards-clipped", (double) clipper.clipped() / clipper.seen());
    }
    if (distribution instanceof RegretBounded bounded && estimate.rounds() > 0) {
      RegretBound bound = bounded.regretBound(estimate.rounds(), options.delta());
      settings.put("controller.regret-bound", bound.value());
      settings.put("controller.regret-bound-vacuous", bound.vacuous() ? 1.0 : 0.0);
    }
    return settings;
  }
}
