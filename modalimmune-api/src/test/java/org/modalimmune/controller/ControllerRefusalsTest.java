package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.modalimmune.controller.ControllerStateTest.assertRefused;

import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Bad input is refused before anything changes, with the rule in the message. */
class ControllerRefusalsTest {
  private static final FixedDistribution PRIOR = FixedDistribution.uniform(3);
  private static final int[] DRAWN = {0, 1};

  @Test
  void rewardsOutsideTheUnitInterval() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0x1p-60, 1.0000001}) {
      unchanged(Hedge::anytime, c -> ((Hedge) c).observe(new double[] {0, bad, 1}));
      unchanged(Exp3Ix::anytime, c -> ((Exp3Ix) c).observe(DRAWN, new double[] {1, bad}));
      unchanged(
          prior -> Exp3P.forRounds(prior, 500, 0.1),
          c -> ((Exp3P) c).observe(DRAWN, new double[] {1, bad}));
      RegretLedger ledger = new RegretLedger(3);
      double[] rewards = {0, 0, bad};
      assertRefused("[0, 1]", () -> ledger.addDrawn(DRAWN, rewards));
      assertRefused("[0, 1]", () -> ledger.addExpected(PRIOR.probabilities(), rewards));
      assertEquals(0, ledger.rounds());
    }
  }

  @Test
  void armsAndCounts() {
    unchanged(Hedge::anytime, c -> ((Hedge) c).observe(new double[] {0, 1}));
    Exp3Ix exp3 = Exp3Ix.anytime(PRIOR);
    assertRefused("outside 0 to 2", () -> exp3.observe(3, 0.5));
    assertRefused("outside 0 to 2", () -> exp3.observe(new int[] {0, -1}, new double[] {1, 1}));
    assertRefused("at least one draw", () -> exp3.observe(new int[0], new double[0]));
    assertRefused("one reward for each", () -> exp3.observe(DRAWN, new double[] {1}));
    assertEquals(Exp3Ix.anytime(PRIOR).state(), exp3.state());
    RegretLedger ledger = new RegretLedger(3);
    assertRefused("at least one draw", () -> ledger.addDrawn(new int[0], new double[3]));
    assertThrows(IllegalArgumentException.class, () -> new RegretLedger(0));
  }

  @Test
  void probabilitiesOfTheEstimate() {
    ImportanceWeightedRegret regret = new ImportanceWeightedRegret(2);
    double[] one = {1};
    int[] second = {1};
    assertRefused("sum to 1", () -> regret.add(new double[] {0.5, 0.25}, second, one));
    assertRefused("sum to 1", () -> regret.add(new double[] {Double.MAX_VALUE, 1}, second, one));
    assertRefused("negative", () -> regret.add(new double[] {Double.NaN, 1}, second, one));
    assertRefused("negative", () -> regret.add(new double[] {-0.5, 1.5}, second, one));
    assertRefused("2 arms", () -> regret.add(new double[] {1}, second, one));
    assertRefused("probability 0", () -> regret.add(new double[] {1, 0}, second, one));
    assertEquals(0, regret.rounds());
    regret.add(new double[] {0.75, 0.25}, second, one);
    assertEquals(4 - 1, regret.estimatedRegret());
  }

  @Test
  void settings() {
    assertRefused("positive", () -> Hedge.anytime(FixedDistribution.of(1, 0)));
    for (double bad : new double[] {0, -1, Double.NaN, 1e-13, Double.POSITIVE_INFINITY}) {
      assertRefused("learning rate", () -> LearningRate.fixed(bad));
    }
    assertRefused("exp3.p", () -> new Exp3PSettings(Double.NaN, 0.1, 0.1));
    assertRefused("exp3.p", () -> new Exp3PSettings(1, 0.6, 0.1));
    assertRefused("exp3.p", () -> new Exp3PSettings(1, 0.5, 0));
    assertRefused("lower the rate", () -> new Exp3P(PRIOR, new Exp3PSettings(0.1, 0.25, 0.5)));
    assertRefused("rounds", () -> Hedge.forRounds(PRIOR, 0));
    assertRefused("rounds", () -> Exp3Ix.forRounds(PRIOR, -1));
    assertRefused("rounds", () -> Exp3Ix.anytime(PRIOR).regretBound(0, 0.1));
    assertRefused("delta", () -> Hedge.anytime(PRIOR).regretBound(1, 1));
    assertRefused("delta", () -> Exp3PSettings.forRounds(3, 10, Double.NaN));
    for (long rounds : new long[] {1, 5, 1L << 62}) {
      for (int arms : new int[] {1, 2, 1000}) {
        FixedDistribution uniform = FixedDistribution.uniform(arms);
        assertTrue(Exp3P.forRounds(uniform, rounds, 1e-9).regretBound(rounds, 1e-9).value() > 0);
        assertTrue(Exp3Ix.forRounds(uniform, rounds).regretBound(rounds, 1e-9).value() > 0);
        assertTrue(Hedge.forRounds(uniform, rounds).regretBound(rounds, 1e-9).value() >= 0);
      }
    }
  }

  @Test
  void boundsAreVacuousAtFirstAndNotForEver() {
    Exp3Ix exp3 = Exp3Ix.anytime(FixedDistribution.uniform(6));
    assertTrue(exp3.regretBound(10, 0.05).vacuous());
    assertFalse(exp3.regretBound(10_000, 0.05).vacuous());
    assertFalse(new RegretBound(10, 1, 10).vacuous());
    assertTrue(new RegretBound(Math.nextUp(10.0), 1, 10).vacuous());
    assertEquals(0.5, new RegretBound(5, 1, 10).perRound());
  }

  private static void unchanged(
      Function<ArmDistribution, ArmDistribution> maker, Consumer<ArmDistribution> action) {
    ArmDistribution controller = maker.apply(PRIOR);
    ControllerState before = controller.state();
    assertThrows(IllegalArgumentException.class, () -> action.accept(controller));
    assertEquals(before, controller.state());
    // nor is anything left behind that a later round would pick up
    ArmDistribution fresh = maker.apply(PRIOR);
    for (ArmDistribution c : new ArmDistribution[] {controller, fresh}) {
      if (c instanceof BanditController b) {
        b.observe(0, 0.5);
      }
    }
    assertEquals(fresh.state(), controller.state());
  }
}
