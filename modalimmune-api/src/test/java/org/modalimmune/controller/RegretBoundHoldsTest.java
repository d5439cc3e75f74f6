package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Realised regret against the bounds, on adversarial rewards. */
class RegretBoundHoldsTest {
  private static final FixedDistribution UNIFORM = FixedDistribution.uniform(3);
  private static final FixedDistribution SKEWED = FixedDistribution.of(1, 2, 5);
  private static final long ROUNDS = 4000;

  /** Five standard deviations beside the stated frequency; seeds are fixed, so nothing flakes. */
  private static final double SIGMAS = 5;

  /** Certain for any rewards, so any seed must pass. */
  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void hedgeNeverExceedsItsBound(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int rounds) {
    for (ArmDistribution prior : List.of(UNIFORM, SKEWED, FixedDistribution.uniform(1))) {
      for (RewardSequences rewards : RewardSequences.all(seed)) {
        List<Hedge> controllers =
            List.of(
                Hedge.forRounds(prior, rounds),
                Hedge.forRounds(prior, 2L * rounds),
                Hedge.anytime(prior),
                new Hedge(prior, LearningRate.fixed(1)),
                new Hedge(prior, LearningRate.decreasing(0.25)));
        for (Hedge hedge : controllers) {
          RegretLedger ledger = new RegretLedger(hedge.arms());
          double[] g = new double[hedge.arms()];
          for (int t = 1; t <= rounds; t++) {
            double[] p = hedge.probabilities();
            rewards.fill(t, rounds, p, -1, g);
            ledger.addExpected(p, g);
            hedge.observe(g);
            // every prefix: the bound of a fixed rate holds for each number of rounds
            double bound = hedge.regretBound(t, 0.5).value();
            assertTrue(ledger.regret() <= bound + 1e-10, ledger.regret() + " above " + bound);
          }
        }
      }
    }
  }

  @Test
  void hedgeComesNearItsBoundSoThatASmallerOneWouldBeWrong() {
    // each round of a pair of opposite ones costs eta / 8; a last run of one arm costs ln 2 / eta,
    // all
    // but exp(-8) of it within 8 / eta = 3.4 sqrt(T) rounds
    int rounds = 100_000;
    Hedge hedge = Hedge.forRounds(FixedDistribution.uniform(2), rounds);
    RegretLedger ledger = new RegretLedger(2);
    int last = (int) Math.round(4 * Math.sqrt(rounds));
    for (int t = 0; t < rounds; t++) {
      double first = t >= rounds - last ? 1 : (t + 1) % 2;
      double[] g = {first, 1 - first};
      ledger.addExpected(hedge.probabilities(), g);
      hedge.observe(g);
    }
    double share = ledger.regret() / hedge.regretBound(rounds, 0.5).value();
    // half of the bound is spread over all rounds, of which 4 / sqrt(T) are lost
    assertTrue(share > 1 - 2 / Math.sqrt(rounds) - 1e-3 && share <= 1, "regret / bound " + share);
  }

  @Test
  void exp3IxWithFixedRate() {
    holdsAtItsFrequency(() -> Exp3Ix.forRounds(UNIFORM, ROUNDS), 1);
  }

  @Test
  void exp3IxWithFallingRate() {
    holdsAtItsFrequency(() -> Exp3Ix.anytime(UNIFORM), 1);
  }

  @Test
  void exp3IxWithPriorAndSeveralDraws() {
    holdsAtItsFrequency(() -> Exp3Ix.forRounds(SKEWED, ROUNDS), 4);
  }

  @Test
  void exp3P() {
    holdsAtItsFrequency(() -> Exp3P.forRounds(UNIFORM, ROUNDS, 0.5), 1);
  }

  @Test
  void exp3PWithPriorAndSeveralDraws() {
    holdsAtItsFrequency(() -> Exp3P.forRounds(SKEWED, ROUNDS, 0.5), 4);
  }

  private static <C extends BanditController & RegretBounded> void holdsAtItsFrequency(
      Supplier<C> fresh, int draws) {
    int runs = 20;
    double delta = 0.5;
    RegretBound bound = fresh.get().regretBound(ROUNDS, delta);
    // a linear regret of a third per round must be caught
    assertFalse(bound.vacuous());
    assertTrue(bound.perRound() < 1.0 / 3, bound::toString);
    int kinds = RewardSequences.all(0).size();
    for (int kind = 0; kind < kinds; kind++) {
      int exceeded = 0;
      for (int seed = 0; seed < runs; seed++) {
        RewardSequences rewards = RewardSequences.all(seed).get(kind);
        double regret = regret(fresh.get(), rewards, draws, RandomKey.of(seed).fold(kind));
        exceeded += regret > bound.value() ? 1 : 0;
      }
      double allowed = runs * delta + SIGMAS * Math.sqrt(runs * delta * (1 - delta));
      assertTrue(exceeded <= allowed, exceeded + " of " + runs + " runs against kind " + kind);
      // the bounds are loose by more than the spread of the regret, so it stays below in all of
      // them
      assertEquals(0, exceeded, "runs above the bound against kind " + kind);
    }
  }

  private static double regret(
      BanditController controller, RewardSequences rewards, int draws, RandomKey key) {
    RandomStream random = new RandomStream(key);
    RegretLedger ledger = new RegretLedger(controller.arms());
    double[] g = new double[controller.arms()];
    int previous = -1;
    for (long t = 1; t <= ROUNDS; t++) {
      rewards.fill(t, ROUNDS, controller.probabilities(), previous, g);
      int[] drawn = controller.draw(random, draws);
      double[] seen = new double[draws];
      for (int r = 0; r < draws; r++) {
        seen[r] = g[drawn[r]];
      }
      ledger.addDrawn(drawn, g);
      controller.observe(drawn, seen);
      previous = drawn[0];
    }
    return ledger.regret();
  }
}
