package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ArmDistributionTest {
  private static final DiscountedHedge.Settings SETTINGS =
      new DiscountedHedge.Settings(0.3, Math.log(4), 0.2, 0.9);

  @Test
  void stratifiedGivesEverySizeTheSameShare() {
    double[] p = FixedDistribution.stratified(new int[] {1, 1, 1, 2, 2, 2, 3}).probabilities();
    assertEquals(1 / 3.0, p[0] + p[1] + p[2], 1e-15);
    assertEquals(1 / 3.0, p[3] + p[4] + p[5], 1e-15);
    assertEquals(1 / 3.0, p[6], 1e-15);
    assertEquals(p[0], p[2], 0);
  }

  @Test
  void hedgeStartsAtThePriorAndMatchesTheFormula() {
    FixedDistribution prior = FixedDistribution.of(1, 2, 1);
    DiscountedHedge hedge = new DiscountedHedge(prior, SETTINGS);
    assertArrayEquals(prior.probabilities(), hedge.probabilities());
    hedge.observe(new double[] {0.5, 1.0, 2.0});
    hedge.observe(new double[] {0.5, 0.2, 2.0});
    double[] average = {0.5, 0.9 * 1.0 + 0.1 * 0.2, 2.0};
    double[] w = new double[3];
    for (int k = 0; k < 3; k++) {
      w[k] = prior.probabilities()[k] * Math.exp(average[k] / Math.log(4) / 0.3);
    }
    double sum = Arrays.stream(w).sum();
    for (int k = 0; k < 3; k++) {
      double expected = 0.8 * w[k] / sum + 0.2 * prior.probabilities()[k];
      assertEquals(expected, hedge.probabilities()[k], 1e-14);
    }
  }

  @Property(tries = 300)
  void hedgeIsADistributionThatKeepsItsPrior(
      @ForAll @Size(5) List<@DoubleRange(max = 1e6) Double> losses) {
    DiscountedHedge hedge = new DiscountedHedge(FixedDistribution.uniform(5), SETTINGS);
    hedge.observe(losses.stream().mapToDouble(Double::doubleValue).toArray());
    double[] p = hedge.probabilities();
    assertEquals(1, Arrays.stream(p).sum(), 1e-12);
    for (double q : p) {
      assertTrue(q >= 0.2 * 0.2 - 1e-15);
    }
  }

  @Property(tries = 300)
  void aHarderArmIsNeverLessLikely(
      @ForAll @DoubleRange(max = 10) double first, @ForAll @DoubleRange(max = 10) double second) {
    DiscountedHedge hedge = new DiscountedHedge(FixedDistribution.uniform(2), SETTINGS);
    hedge.observe(new double[] {first, second});
    double[] p = hedge.probabilities();
    if (first >= second) {
      assertTrue(p[0] >= p[1], "the first arm lost more and is less likely");
    } else {
      assertTrue(p[0] <= p[1], "the second arm lost more and is less likely");
    }
  }

  @Test
  void refusesLossesThatAreNotFiniteOrNotOnePerArm() {
    DiscountedHedge hedge = new DiscountedHedge(FixedDistribution.uniform(2), SETTINGS);
    assertThrows(IllegalArgumentException.class, () -> hedge.observe(new double[] {1, Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> hedge.observe(new double[] {1}));
    assertArrayEquals(new double[] {0.5, 0.5}, hedge.probabilities());
  }
}
