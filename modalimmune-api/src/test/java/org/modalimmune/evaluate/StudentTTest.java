package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class StudentTTest {

  /**
   * The oracle rounds x = df/(df + t^2), an error of 2^-53 that moves the tail by 2^-53 (df/(2 pi))
   * ^(1/2) (df + t^2)^(1/2)/t, below 8 df 2^-53 for t >= 0.05; the powers with exponent df/2
   * magnify roundings by as much again in either implementation; a few dozen terms make up the
   * rest.
   */
  private static double bound(double expected, double df) {
    return Math.abs(expected) * (2e-13 + 24 * df * 0x1p-53) + 1e-300;
  }

  @Property(tries = 2000)
  void tailsAgreeWithCommonsStatistics(
      @ForAll @Scale(5) @DoubleRange(min = 0.05, max = 60) double t,
      @ForAll @IntRange(min = 1, max = 400) int df) {
    double expected = 2 * TDistribution.of(df).survivalProbability(t);
    assertEquals(expected, StudentT.twoSidedTail(t, df), bound(expected, df));
    assertEquals(
        TDistribution.of(df).cumulativeProbability(-t), StudentT.cdf(-t, df), bound(1, df));
    assertEquals(TDistribution.of(df).cumulativeProbability(t), StudentT.cdf(t, df), bound(1, df));
  }

  @Property(tries = 500)
  void fractionalAndLargeDegreesAgreeToo(
      @ForAll @Scale(5) @DoubleRange(min = 0.05, max = 30) double t,
      @ForAll @DoubleRange(min = 1, max = 1e5) double df) {
    double expected = 2 * TDistribution.of(df).survivalProbability(t);
    assertEquals(expected, StudentT.twoSidedTail(t, df), bound(expected, df));
  }

  @Property(tries = 500)
  void quantileInvertsTheDistribution(
      @ForAll @Scale(7) @DoubleRange(min = 1e-6, max = 0.999999) double p,
      @ForAll @IntRange(min = 1, max = 200) int df) {
    double t = StudentT.quantile(p, df);
    assertEquals(p, StudentT.cdf(t, df), 1e-12);
    double expected = TDistribution.of(df).inverseCumulativeProbability(p);
    assertEquals(expected, t, 1e-8 * Math.max(1, Math.abs(expected)));
  }

  @Test
  void closedFormsHold() {
    for (double t : new double[] {1e-8, 0.1, 1, 3, 50, 1e6, 1e40}) {
      // One degree of freedom is the Cauchy distribution: tail = 2/pi atan(1/t).
      double cauchy = 2 / Math.PI * Math.atan2(1, t);
      assertEquals(cauchy, StudentT.twoSidedTail(t, 1), 1e-13 * cauchy);
      // Two: 1 - t/sqrt(2+t^2) = 2/(s (s + t)), s = sqrt(2+t^2).
      double s = Math.sqrt(2 + t * t);
      double two = 2 / (s * (s + t));
      assertEquals(two, StudentT.twoSidedTail(t, 2), 1e-13 * two);
    }
    assertEquals(12.706204736174694, StudentT.quantile(0.975, 1), 1e-11);
    assertEquals(-StudentT.quantile(0.975, 9), StudentT.quantile(0.025, 9), 1e-12);
    assertEquals(0, StudentT.quantile(0.5, 3));
  }

  @Test
  void edgesAreDefined() {
    assertEquals(1, StudentT.twoSidedTail(0, 5));
    assertEquals(0, StudentT.twoSidedTail(Double.NEGATIVE_INFINITY, 5));
    assertEquals(1, StudentT.cdf(Double.POSITIVE_INFINITY, 5));
    assertTrue(StudentT.quantile(1e-99, 1) < -1e90);
    assertThrows(IllegalArgumentException.class, () -> StudentT.twoSidedTail(Double.NaN, 5));
    assertThrows(IllegalArgumentException.class, () -> StudentT.twoSidedTail(1, 0));
    assertThrows(IllegalArgumentException.class, () -> StudentT.quantile(97.5, 5));
    assertThrows(IllegalArgumentException.class, () -> StudentT.quantile(0, 5));
  }
}
