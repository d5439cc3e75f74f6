package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Bounds lie on the right side of the exact numbers, and close to them. */
class ScaledBoundTest {
  private static final BigDecimal ULPS = two(-50);

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void aProductIsRoundedUpward(@ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    for (int i = 0; i < 50; i++) {
      double x = draw(random) * (random.nextInt(2) == 0 ? 1 : -1);
      double factor = draw(random);
      int power = random.nextInt(200) - 100;
      ScaledBound bound = ScaledBound.exact(x).times(factor, power);
      BigDecimal exact = new BigDecimal(x).multiply(new BigDecimal(factor)).multiply(two(power));
      BigDecimal got = new BigDecimal(bound.value()).multiply(two(bound.exponent()));
      assertTrue(got.compareTo(exact) >= 0, () -> "seed " + seed + ": " + x + " " + factor);
      BigDecimal room = exact.abs().multiply(ULPS);
      assertTrue(got.subtract(exact).compareTo(room) <= 0, () -> "seed " + seed + ": " + x);
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void scalingIsRoundedUpwardWhereBitsAreLost(@ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    for (int i = 0; i < 50; i++) {
      double x = (1 + random.nextDouble()) * (random.nextInt(2) == 0 ? 1 : -1);
      int power = -1000 - random.nextInt(200);
      double scaled = ScaledBound.scaledUp(x, power);
      BigDecimal exact = new BigDecimal(x).multiply(two(power));
      assertTrue(new BigDecimal(scaled).compareTo(exact) >= 0, () -> "seed " + seed + ": " + x);
      if (scaled != 0) {
        double below = Math.nextDown(scaled);
        assertTrue(new BigDecimal(below).compareTo(exact) < 0, () -> "seed " + seed + ": " + x);
      }
      assertTrue(scaled != 0 || x < 0);
    }
  }

  @Test
  void ends() {
    assertEquals(Double.MIN_VALUE, ScaledBound.scaledUp(1, -3000));
    assertEquals(0, ScaledBound.scaledUp(-1, -3000), 0);
    assertEquals(Double.POSITIVE_INFINITY, ScaledBound.scaledUp(1, 1024));
    assertEquals(-1074, ScaledBound.exponent(Double.MIN_VALUE));
    assertEquals(1023, ScaledBound.exponent(-Double.MAX_VALUE));
    assertEquals(ScaledBound.ZERO, ScaledBound.exact(3).times(0, 5));
    assertEquals(ScaledBound.ZERO, ScaledBound.inner(1, new double[2], new double[] {1, 2}));
  }

  private static double draw(RandomStream random) {
    return Math.scalb(1 + random.nextDouble(), random.nextInt(2000) - 1000);
  }

  private static BigDecimal two(int power) {
    return power >= 0
        ? BigDecimal.TWO.pow(power)
        : BigDecimal.ONE.divide(BigDecimal.TWO.pow(-power));
  }
}
