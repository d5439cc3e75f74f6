package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.NonFiniteInputException;

class FisherMaskTest {
  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void isWithinThreeRoundoffs(
      @ForAll @DoubleRange(min = 0, max = Double.MAX_VALUE) double fisher,
      @ForAll @IntRange(min = -1074, max = 1023) int exponent,
      @ForAll @DoubleRange(min = 1, max = 1.99) double mantissa) {
    double tau = Math.scalb(mantissa, exponent);
    double mask = FisherMask.of(new double[] {fisher}, tau)[0];
    BigDecimal t = new BigDecimal(tau);
    BigDecimal expected = t.divide(t.add(new BigDecimal(fisher)), MathContext.DECIMAL128);
    double error = expected.subtract(new BigDecimal(mask)).abs().doubleValue();
    assertTrue(
        error <= 3.001 * 0x1p-53 * expected.doubleValue() + 0x1p-1022,
        () -> fisher + " " + tau + " " + mask);
    assertTrue(mask >= 0 && mask <= 1);
  }

  @Test
  void ends() {
    double[] fisher = {0, 2, Double.MAX_VALUE};
    assertArrayEquals(new double[] {1, 0.5}, FisherMask.of(new double[] {0, 2}, 2));
    assertEquals(0, FisherMask.of(fisher, Double.MIN_VALUE)[2]);
    assertEquals(0, FisherMask.of(new double[0], 1).length);
  }

  @Test
  void theAverageCountsTheFirstBatchesFully() {
    double[] constant = {3, 0, 1e-200};
    FisherAverage average = FisherAverage.first(constant, 0.99);
    for (int i = 0; i < 50; i++) {
      double[] value = average.value();
      for (int j = 0; j < value.length; j++) {
        // each batch rounds average and weight a few times
        assertEquals(constant[j], value[j], (4 + 8 * i) * 0x1p-53 * constant[j]);
      }
      average = average.with(constant, i % 2 == 0 ? 0.99 : 0.5);
    }
  }

  @Test
  void theAverageStaysInTheRangeOfFloat64() {
    double[] huge = {Double.MAX_VALUE};
    FisherAverage average = FisherAverage.first(huge, 0.3);
    for (int i = 0; i < 100; i++) {
      average = average.with(huge, 0.3);
      assertTrue(Double.isFinite(average.value()[0]));
    }
    assertTrue(
        Double.isFinite(
            FisherSummary.of(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}).mean()));
  }

  @Test
  void refusals() {
    double[] one = {1};
    for (double tau : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> FisherMask.of(one, tau));
      assertThrows(IllegalArgumentException.class, () -> new FisherOptions(tau, 0.5));
    }
    assertThrows(IllegalArgumentException.class, () -> FisherMask.of(new double[] {-1e-300}, 1));
    assertThrows(
        NonFiniteInputException.class, () -> FisherMask.of(new double[] {0, Double.NaN}, 1));
    assertThrows(IllegalArgumentException.class, () -> new FisherOptions(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new FisherOptions(1, -0.1));
    assertThrows(IllegalArgumentException.class, () -> FisherAverage.of(one, 0));
    assertThrows(IllegalArgumentException.class, () -> FisherAverage.of(one, 1.5));
  }
}
