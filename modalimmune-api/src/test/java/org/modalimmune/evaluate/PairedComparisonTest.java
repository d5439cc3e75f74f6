package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {

  @Property(tries = 200)
  void pBelowFivePercentMeansTheIntervalLeavesOutZero(
      @ForAll @IntRange(min = 2, max = 20) int n,
      @ForAll @DoubleRange(min = -2, max = 2) double shift,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] b = random.doubles(n).toArray();
    double[] a = Arrays.stream(b).map(v -> v + shift + random.nextGaussian()).toArray();
    PairedComparison c = PairedComparison.of(a, b);
    Interval ci = c.difference().ci95().orElseThrow();
    boolean excludesZero = ci.lo() > 0 || ci.hi() < 0;
    assertEquals(excludesZero, c.p().orElseThrow() < 0.05);
    double t = c.difference().mean() / (c.difference().std().orElseThrow() / Math.sqrt(n));
    assertEquals(
        2 * TDistribution.of(n - 1).survivalProbability(Math.abs(t)), c.p().orElseThrow(), 1e-12);
  }

  @Test
  void signFlipCountsAllSignChoices() {
    // Differences 1, 2, 3: of 8 choices only +++ and --- reach |6|.
    var c = PairedComparison.of(new double[] {2, 4, 6}, new double[] {1, 2, 3});
    assertEquals(0.25, c.signFlipP().orElseThrow());
    // Differences 1, 1, -1: sums are +-1 (6 choices) and +-3 (2): all reach |1|.
    c = PairedComparison.of(new double[] {1, 1, 0}, new double[] {0, 0, 1});
    assertEquals(1, c.signFlipP().orElseThrow());
    // Differences 0.1, 0.2, -0.3, 0.1: every sum is an odd number of tenths, so all reach |0.1|. In
    // binary the observed sum is a little above 0.1 and its tie -0.1 - 0.2 + 0.3 + 0.1 below.
    c = PairedComparison.of(new double[] {0.1, 0.2, 0, 0.1}, new double[] {0, 0, 0.3, 0});
    assertEquals(1, c.signFlipP().orElseThrow());
    assertTrue(PairedComparison.of(new double[17], new double[17]).signFlipP().isEmpty());
  }

  @Test
  void degenerateDifferencesAreDefined() {
    var one = PairedComparison.of(new double[] {1}, new double[] {2});
    assertTrue(one.p().isEmpty() && one.signFlipP().isEmpty());
    assertEquals(-1, one.difference().mean());
    double[] b = {0.1, 0.2, 0.7, 0.9};
    assertEquals(1, PairedComparison.of(b, b).p().orElseThrow());
    double[] a = Arrays.stream(b).map(v -> v + 0.01).toArray();
    var constant = PairedComparison.of(a, b);
    assertEquals(0.125, constant.p().orElseThrow());
    assertEquals(0.125, constant.signFlipP().orElseThrow());
    assertThrows(
        IllegalArgumentException.class, () -> PairedComparison.of(new double[2], new double[3]));
    assertThrows(
        IllegalArgumentException.class, () -> PairedComparison.of(new double[0], new double[0]));
  }

  @Test
  void holmWorkedByHand() {
    assertArrayEquals(
        new double[] {0.03, 0.06, 0.06, 0.02},
        HolmCorrection.adjust(0.01, 0.04, 0.03, 0.005),
        1e-15);
    assertArrayEquals(new double[] {1, 1}, HolmCorrection.adjust(0.6, 0.9));
    assertArrayEquals(new double[0], HolmCorrection.adjust());
    assertThrows(IllegalArgumentException.class, () -> HolmCorrection.adjust(0.1, Double.NaN));
  }

  @Property(tries = 200)
  void holmKeepsOrderAndStaysBetweenPAndBonferroni(@ForAll @Size(max = 30) double[] raw) {
    double[] p = Arrays.stream(raw).map(v -> Math.abs(Math.sin(v))).toArray();
    double[] corrected = HolmCorrection.adjust(p);
    for (int i = 0; i < p.length; i++) {
      assertTrue(corrected[i] >= p[i] && corrected[i] <= Math.min(1, p.length * p[i]) + 1e-15);
      for (int j = 0; j < p.length; j++) {
        assertTrue(p[i] > p[j] || corrected[i] <= corrected[j]);
      }
    }
  }
}
