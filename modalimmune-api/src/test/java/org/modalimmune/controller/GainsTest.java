package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.modalimmune.controller.ControllerStateTest.assertRefused;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class GainsTest {
  @Property
  void onlyTheDifferenceTellsHelpFromHarm(
      @ForAll @DoubleRange(max = 50) double complete,
      @ForAll @DoubleRange(max = 50) double pattern) {
    assertEquals(
        LossGain.V_INFORMATION.of(complete, pattern),
        -LossGain.V_INFORMATION.of(pattern, complete) + 0.0);
    assertEquals(
        LossGain.SQUARED_DIFFERENCE.of(complete, pattern),
        LossGain.SQUARED_DIFFERENCE.of(pattern, complete));
    assertEquals(pattern, LossGain.PATTERN_LOSS.of(complete, pattern));
  }

  @Test
  void lossesThatAreNotFiniteAreRefused() {
    for (Gain gain : LossGain.values()) {
      assertRefused("finite", () -> gain.of(Double.NaN, 1));
      assertRefused("finite", () -> gain.of(1, Double.POSITIVE_INFINITY));
      assertRefused("finite", () -> gain.of(1, new double[] {1, Double.NaN}));
    }
    assertRefused("finite", () -> LossGain.SQUARED_DIFFERENCE.of(0, 1e200));
  }

  @Property
  void rewardsLieInTheUnitIntervalAndKeepTheOrder(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double width,
      @ForAll @DoubleRange(max = 1) double a,
      @ForAll @DoubleRange(max = 1) double b) {
    RewardScale scale = new RewardScale(low, low + width);
    double first = Math.clamp(low + Math.min(a, b) * width, scale.low(), scale.high());
    double second = Math.clamp(low + Math.max(a, b) * width, scale.low(), scale.high());
    double r = scale.toReward(first);
    double s = scale.toReward(second);
    assertTrue(0 <= r && r <= s && s <= 1, r + " " + s);
  }

  @Test
  void clippingIsRefusedOrCounted() {
    RewardScale scale = new RewardScale(-1, 3);
    assertEquals(4, scale.width());
    assertRefused("RewardClipper", () -> scale.toReward(3.5));
    assertRefused("RewardClipper", () -> scale.toReward(Double.NaN));
    RewardClipper clipper = new RewardClipper(scale);
    assertArrayEquals(
        new double[] {0, 1, 0.5, 0, 1}, clipper.toRewards(new double[] {-1, 3, 1, -1.5, 3.5}));
    assertEquals(2, clipper.clipped());
    assertRefused("finite", () -> clipper.toRewards(new double[] {9, Double.NaN}));
    assertEquals(5, clipper.seen());
    assertEquals(2, clipper.clipped());
    assertRefused("low < high", () -> new RewardScale(1, 1));
    assertRefused("low < high", () -> new RewardScale(Double.NaN, 1));
    assertRefused("low < high", () -> new RewardScale(-1e308, 1e308));
    assertRefused("low < high", () -> new RewardScale(0, Double.POSITIVE_INFINITY));
  }
}
