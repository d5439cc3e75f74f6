package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ControllerStateTest {
  private static final FixedDistribution PRIOR = FixedDistribution.of(1, 2, 1);

  @Test
  void arraysAreCopiesInOrderOfNames() {
    ControllerState state =
        ControllerState.of("k", 3, Map.of("b", new double[] {-0.0, 0.1}, "a", new double[] {1}));
    assertEquals(List.of("a", "b"), List.copyOf(state.arrays().keySet()));
    state.arrays().get("a")[0] = 7;
    assertEquals(1, state.arrays().get("a")[0]);
    assertEquals(state, ControllerState.of("k", 3, state.arrays()));
    assertThrows(UnsupportedOperationException.class, () -> state.values().clear());
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertRefused("finite", () -> ControllerState.of("k", 1, Map.of("a", new double[] {0, bad})));
    }
  }

  @Test
  void statesOfOtherControllersAreRefusedByEveryOne() {
    List<Function<ArmDistribution, ArmDistribution>> makers = Controllers.all();
    for (int i = 0; i < makers.size(); i++) {
      for (int j = 0; j < makers.size(); j++) {
        if (i != j) {
          ControllerState other = makers.get(j).apply(PRIOR).state();
          ArmDistribution controller = makers.get(i).apply(PRIOR);
          double[] before = controller.probabilities();
          assertThrows(IllegalArgumentException.class, () -> controller.restore(other));
          assertArrayEquals(before, controller.probabilities());
        }
      }
      ControllerState fourArms = makers.get(i).apply(FixedDistribution.uniform(4)).state();
      ArmDistribution three = makers.get(i).apply(PRIOR);
      assertRefused("number of arms", () -> three.restore(fourArms));
      ControllerState otherPrior = makers.get(i).apply(FixedDistribution.uniform(3)).state();
      assertRefused("settings of the checkpoint", () -> three.restore(otherPrior));
    }
  }

  @Test
  void damagedStatesAreRefusedAndChangeNothing() {
    Exp3Ix controller = Exp3Ix.anytime(PRIOR);
    controller.observe(1, 0.25);
    ControllerState good = controller.state();
    controller.observe(2, 0.5);
    ControllerState after = controller.state();
    assertRefused("version 2", () -> controller.restore(with(good, 2, "rounds", 1)));
    assertRefused("a count", () -> controller.restore(with(good, 1, "rounds", 1.5)));
    assertRefused("a count", () -> controller.restore(with(good, 1, "rounds", -1)));
    assertRefused("a count", () -> controller.restore(with(good, 1, "rounds", 0x1p54)));
    assertRefused("needs 1 values, got 2", () -> controller.restore(with(good, 1, "rounds", 1, 2)));
    assertRefused("largest score", () -> controller.restore(with(good, 1, "scores", -1, -2, -3)));
    assertRefused("largest score", () -> controller.restore(with(good, 1, "scores", 0, 2, -3)));
    assertRefused("'rate'", () -> controller.restore(with(good, 1, "rate", 0.5, 1)));
    Map<String, double[]> missing = new HashMap<>(good.arrays());
    missing.remove("scores");
    ControllerState without = ControllerState.of(good.kind(), 1, missing);
    assertRefused("got none", () -> controller.restore(without));
    assertEquals(after, controller.state());
    controller.restore(good);
    assertEquals(good, controller.state());
    assertEquals(1, controller.rounds());
  }

  @Test
  void ledgersAndClippersGoOn() {
    RegretLedger ledger = new RegretLedger(2);
    ImportanceWeightedRegret estimate = new ImportanceWeightedRegret(2);
    RewardClipper clipper = new RewardClipper(new RewardScale(0, 2));
    double[] p = {0.25, 0.75};
    for (int t = 0; t < 3; t++) {
      ledger.addDrawn(new int[] {t % 2}, new double[] {0.1, 0.7});
      estimate.add(p, new int[] {t % 2}, new double[] {0.3});
      clipper.toRewards(new double[] {t, -1});
    }
    RegretLedger ledgerAgain = new RegretLedger(2);
    ledgerAgain.restore(ledger.state());
    ImportanceWeightedRegret estimateAgain = new ImportanceWeightedRegret(2);
    estimateAgain.restore(estimate.state());
    RewardClipper clipperAgain = new RewardClipper(clipper.scale());
    clipperAgain.restore(clipper.state());
    assertEquals(ledger.regret(), ledgerAgain.regret());
    assertEquals(3, ledgerAgain.rounds());
    assertEquals(estimate.estimatedRegret(), estimateAgain.estimatedRegret());
    assertEquals(3, estimateAgain.rounds());
    assertEquals(clipper.state(), clipperAgain.state());
    assertEquals(3, clipperAgain.clipped());
    assertRefused("number of arms", () -> new RegretLedger(3).restore(ledger.state()));
    assertRefused(
        "only 6 seen", () -> clipperAgain.restore(with(clipper.state(), 1, "clipped", 7)));
    assertRefused(
        "'range'", () -> new RewardClipper(new RewardScale(0, 1)).restore(clipper.state()));
  }

  private static ControllerState with(
      ControllerState state, int version, String name, double... values) {
    Map<String, double[]> arrays = new HashMap<>(state.arrays());
    arrays.put(name, values);
    return ControllerState.of(state.kind(), version, arrays);
  }

  static void assertRefused(String part, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }
}
