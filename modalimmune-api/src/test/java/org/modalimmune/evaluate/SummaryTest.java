package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void figuresWorkedByHand() {
    Summary s = Summary.of(1, 2, 3, 4, 5);
    assertEquals(3, s.mean());
    assertEquals(Math.sqrt(2.5), s.std().orElseThrow(), 1e-15);
    // t(0.975, 4) = 2.776445105198
    assertEquals(2.776445105198 * Math.sqrt(0.5), s.ci95().orElseThrow().halfWidth(), 1e-11);
  }

  @Test
  void oneValueHasNoSpreadAndNoInterval() {
    assertEquals(
        new Summary(0.7, OptionalDouble.empty(), Optional.empty(), List.of(0.7)), Summary.of(0.7));
  }

  @Property(tries = 100)
  void equalValuesHaveExactlyNoSpread(
      @ForAll double raw, @ForAll @IntRange(min = 2, max = 30) int n) {
    double value = Math.clamp(raw, -1e100, 1e100);
    double[] values = new double[n];
    java.util.Arrays.fill(values, value);
    Summary s = Summary.of(values);
    assertEquals(value, s.mean());
    assertEquals(0, s.std().orElseThrow());
    assertEquals(0, s.ci95().orElseThrow().halfWidth());
  }

  /** Coverage over 4000 samples of five normals: standard error 0.34 points; five are allowed. */
  @Test
  void theIntervalCoversTheTruthNinetyFiveTimesInAHundred() {
    Random random = new Random(20260217);
    int covered = 0;
    for (int trial = 0; trial < 4000; trial++) {
      double[] values = new double[5];
      for (int i = 0; i < 5; i++) {
        values[i] = 10 + 3 * random.nextGaussian();
      }
      Interval ci = Summary.of(values).ci95().orElseThrow();
      covered += ci.lo() <= 10 && 10 <= ci.hi() ? 1 : 0;
    }
    assertEquals(0.95, covered / 4000.0, 0.0172);
  }

  @Test
  void badInputIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Summary.of());
    var e = assertThrows(IllegalArgumentException.class, () -> Summary.of(1, Double.NaN, 2));
    assertTrue(e.getMessage().contains("value 1 is NaN"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Summary(1, OptionalDouble.of(0), Optional.empty(), List.of(1.0)));
    assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1));
  }
}
