package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.NonFiniteInputException;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** The budget holds in exact arithmetic, and no larger step would keep to it. */
class QuadraticModelTest {
  private static final int PER_TRY = 200;

  /** What the scale may be rounded down by, relative, and where it is subnormal. */
  private static final double ROOM = 0x1p-48;

  private static final double TINY = 0x1p-1070;

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void theBudgetIsNeverExceededAndAlmostUsedUp(@ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    int binding = 0;
    for (int i = 0; i < PER_TRY; i++) {
      int spread = random.nextInt(3) == 0 ? 2100 : random.nextInt(2) == 0 ? 120 : 4;
      double a = draw(random, spread);
      double b = draw(random, spread);
      double budget = Math.abs(draw(random, spread));
      StepScale s = QuadraticModel.of(a, b).within(budget);
      check(ExactModel.of(a, b), budget, s, "seed " + seed + ": " + a + " " + b + " " + budget);
      binding += s.reason() == ScaleReason.AT_BUDGET ? 1 : 0;
      if (s.scale() < 1) {
        double beyond = s.scale() * (1 + ROOM) + TINY;
        assertTrue(
            beyond >= 1 || !ExactModel.of(a, b).keepsTo(budget, beyond),
            () -> "seed " + seed + ": " + a + " " + b + " " + budget + " " + s);
      }
    }
    assertTrue(binding > 0);
  }

  /** Near a double root, where the smallest error of the discriminant is seen. */
  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void nearADoubleRoot(@ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    for (int i = 0; i < PER_TRY; i++) {
      double a = 1 + random.nextDouble();
      double b = -a * (1 + random.nextInt(40) * 0x1p-52);
      double budget = -a * a / (2 * b) * (1 - random.nextInt(40) * 0x1p-53);
      StepScale s = QuadraticModel.of(a, b).within(budget);
      ExactModel exact = ExactModel.of(a, b);
      check(exact, budget, s, "seed " + seed + ": " + a + " " + b + " " + budget);
      double beyond = s.scale() * (1 + ROOM);
      assertTrue(
          beyond >= 1 || !exact.keepsTo(budget, beyond),
          () -> "seed " + seed + ": " + a + " " + b + " " + budget + " " + s);
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void roundingOfTheInnerProductsIsPartOfTheModel(@ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    for (int i = 0; i < 20; i++) {
      int n = 1 + random.nextInt(40);
      int spread = random.nextInt(3) == 0 ? 1900 : random.nextInt(2) == 0 ? 60 : 2;
      double[] g = draws(random, n, spread);
      double[] d = draws(random, n, spread);
      double[] p = draws(random, n, spread);
      if (random.nextInt(2) == 0) {
        cancel(g, d);
      }
      double length = Math.abs(draw(random, spread)) + Double.MIN_NORMAL;
      QuadraticModel model = QuadraticModel.of(-1, g, d, p, length, 0);
      ExactModel exact = ExactModel.alongDescent(g, d, p, length);
      double natural = exact.slope().abs().add(exact.curvature().abs()).doubleValue();
      double budget =
          random.nextInt(4) == 0 ? 0 : Math.min(Double.MAX_VALUE, natural * random.nextDouble());
      check(exact, budget, model.within(budget), "seed " + seed + " at " + i);
    }
  }

  private static void check(ExactModel exact, double budget, StepScale s, String where) {
    assertTrue(s.scale() >= 0 && s.scale() <= 1, () -> where + " " + s);
    assertTrue(exact.keepsTo(budget, s.scale()), () -> where + " " + s);
    assertTrue(s.increase() <= budget, () -> where + " " + s);
    assertEquals(
        s.scale() == 1 ? ScaleReason.WITHIN_BUDGET : ScaleReason.AT_BUDGET, s.reason(), where);
  }

  /** Makes the inner product a sum that nearly cancels. */
  private static void cancel(double[] g, double[] d) {
    for (int i = 0; i + 1 < g.length; i += 2) {
      g[i + 1] = -g[i];
      d[i + 1] = d[i];
    }
  }

  private static double[] draws(RandomStream random, int n, int spread) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = draw(random, spread);
    }
    return x;
  }

  /** A double of either sign whose exponent is uniform; now and then an end of the range. */
  private static double draw(RandomStream random, int spread) {
    double sign = random.nextInt(2) == 0 ? 1 : -1;
    int kind = random.nextInt(20);
    if (kind == 0) {
      return 0;
    }
    if (kind == 1 && spread > 1000) {
      return sign * (random.nextInt(2) == 0 ? Double.MAX_VALUE : Double.MIN_VALUE);
    }
    double mantissa = kind < 5 ? 1 : 1 + random.nextDouble();
    int exponent = random.nextInt(spread) - spread / 2;
    return sign * Math.scalb(mantissa, Math.min(exponent, Double.MAX_EXPONENT));
  }

  @Test
  void aProductBeyondTheRangeOfFloat64IsStillMeasured() {
    double[] huge = {1e300, -1e300};
    // a = -1e620, b = 2e630: the loss falls until t = 1e-10
    StepScale s =
        QuadraticModel.of(-1, huge, new double[] {1e308, 0}, new double[] {1e307, 0}, 1e12, 0)
            .within(0);
    ExactModel exact =
        ExactModel.alongDescent(huge, new double[] {1e308, 0}, new double[] {1e307, 0}, 1e12);
    assertTrue(exact.keepsTo(0, s.scale()));
    BigDecimal largest = exact.slope().multiply(new BigDecimal(-2));
    assertEquals(
        largest.divide(exact.curvature(), java.math.MathContext.DECIMAL128).doubleValue(),
        s.scale(),
        1e-14 * s.scale());
    assertTrue(s.increase() <= 0);
    StepScale whole = QuadraticModel.of(1, huge, huge, new double[2], 1, 0).within(1);
    assertEquals(ScaleReason.AT_BUDGET, whole.reason());
    assertTrue(whole.scale() == 0);
  }

  @Test
  void zeroStepsAndZeroBudgets() {
    double[] zero = new double[3];
    double[] ones = {1, 1, 1};
    assertEquals(
        new StepScale(1, ScaleReason.WITHIN_BUDGET, 0),
        QuadraticModel.of(ones, zero, zero).within(0));
    assertEquals(
        new StepScale(1, ScaleReason.WITHIN_BUDGET, 0),
        QuadraticModel.of(new double[0], new double[0], new double[0]).within(0));
    assertEquals(
        new StepScale(0, ScaleReason.AT_BUDGET, 0), QuadraticModel.of(ones, ones, zero).within(0));
    assertEquals(1, QuadraticModel.of(ones, new double[] {-1, 0, 0}, zero).within(0).scale());
  }

  @Test
  void refusals() {
    double[] one = {1};
    double[] nan = {Double.NaN};
    assertThrows(IllegalArgumentException.class, () -> QuadraticModel.of(one, one, new double[2]));
    assertThrows(NonFiniteInputException.class, () -> QuadraticModel.of(nan, one, one));
    assertThrows(NonFiniteInputException.class, () -> QuadraticModel.of(one, nan, one));
    assertThrows(NonFiniteInputException.class, () -> QuadraticModel.of(one, one, nan));
    assertThrows(
        NonFiniteInputException.class, () -> QuadraticModel.of(Double.NEGATIVE_INFINITY, 1));
    QuadraticModel model = QuadraticModel.of(1, 1);
    for (double budget : new double[] {-1e-300, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> model.within(budget));
    }
  }
}
