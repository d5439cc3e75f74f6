package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReconstructionMetricsTest {

  @Property(tries = 100)
  void exactIsOneAndColumnMeansAreZero(
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = random.doubles((long) rows * columns, -5, 5).toArray();
    for (int j = 0; j < columns; j++) {
      // apart from the rest, so that no column's variation drowns in the rounding of its mean
      x[j] += 11;
    }
    double[] means = new double[x.length];
    for (int j = 0; j < columns; j++) {
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        mean += x[i * columns + j] / rows;
      }
      for (int i = 0; i < rows; i++) {
        means[i * columns + j] = mean;
      }
    }
    assertEquals(1.0, ReconstructionMetrics.r2(x, x, columns));
    assertEquals(0.0, ReconstructionMetrics.r2(x, means, columns), 1e-12);
  }

  @Test
  void figureWorkedByHand() {
    // Columns (0,2) and (1,3): variation 2 + 2; errors 1, 0, 0, 1.
    assertEquals(
        0.5, ReconstructionMetrics.r2(new double[] {0, 1, 2, 3}, new double[] {1, 1, 2, 4}, 2));
  }

  @Test
  void withoutVariationTheValueIsDefined() {
    double[] constant = {0.1, 0.1, 0.1};
    assertEquals(1, ReconstructionMetrics.r2(constant, constant, 1));
    assertEquals(0, ReconstructionMetrics.r2(constant, new double[] {0.1, 0.1, 0.2}, 1));
  }

  @Test
  void badInputIsRefused() {
    double[] two = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> ReconstructionMetrics.r2(two, two, 3));
    assertThrows(IllegalArgumentException.class, () -> ReconstructionMetrics.r2(two, two, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> ReconstructionMetrics.r2(new double[0], new double[0], 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> ReconstructionMetrics.r2(two, new double[] {1, Double.NaN}, 1));
    assertThrows(
        IllegalArgumentException.class, () -> ReconstructionMetrics.r2(two, new double[] {1}, 1));
  }
}
