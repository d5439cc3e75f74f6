package org.modalimmune.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Learning rates at known steps and between them. */
class ScheduleTest {
  @Property
  void cosineFallsFromPeakToFloor(
      @ForAll @DoubleRange(min = 1e-6, max = 10) @Scale(6) double peak,
      @ForAll @DoubleRange(min = 0, max = 1) double floor,
      @ForAll @LongRange(min = 1, max = 1000) long steps) {
    Schedule s = new CosineSchedule(peak, floor, steps);
    double u = 8 * Math.ulp(peak);
    assertEquals(peak, s.at(0), u);
    assertEquals(peak * floor, s.at(steps), u);
    assertEquals(peak * floor, s.at(steps + 1000), u);
    for (long t = 0; t < steps; t += 1 + steps / 10) {
      assertTrue(s.at(t + 1) <= s.at(t) + u);
      // halves of the cosine mirror each other
      assertEquals(peak * (1 + floor), s.at(t) + s.at(steps - t), 4 * u);
    }
  }

  @Test
  void cosineAtKnownSteps() {
    Schedule s = new CosineSchedule(2e-3, 0.05, 90);
    assertEquals(2e-3 * (0.05 + 0.95 * 0.75), s.at(30), 1e-17);
    assertEquals(2e-3 * (0.05 + 0.95 * 0.5), s.at(45), 1e-17);
    assertEquals(2e-3 * (0.05 + 0.95 * 0.25), s.at(60), 1e-17);
  }

  @Test
  void warmUpRisesToWhatFollows() {
    Schedule s = new WarmUp(4, new CosineSchedule(1, 0, 10));
    for (int t = 0; t < 4; t++) {
      assertEquals((t + 1) / 5.0, s.at(t), 1e-15);
    }
    assertEquals(1, s.at(4));
    assertEquals(new CosineSchedule(1, 0, 10).at(3), s.at(7));
    assertEquals(0.25, new WarmUp(0, new ConstantSchedule(0.25)).at(0));
  }

  @Test
  void badSettingsAreRefused() {
    refused(() -> new ConstantSchedule(-1));
    refused(() -> new ConstantSchedule(Double.NaN));
    refused(() -> new CosineSchedule(1, 1.5, 10));
    refused(() -> new CosineSchedule(Double.POSITIVE_INFINITY, 0, 10));
    refused(() -> new CosineSchedule(1, 0, 0));
    refused(() -> new WarmUp(-1, new ConstantSchedule(1)));
    refused(() -> new AdamWSettings(1, 0.9, 1e-8));
    refused(() -> new AdamWSettings(0.9, 0.9, 0));
  }

  private static void refused(Executable action) {
    assertThrows(IllegalArgumentException.class, action);
  }
}
