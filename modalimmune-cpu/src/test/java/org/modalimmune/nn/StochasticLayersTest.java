package org.modalimmune.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Passes, dropout and first values: what is drawn, and that equal keys draw it again. */
class StochasticLayersTest {
  /** Every tail bound below fails with a probability of at most e^-LOG = 7e-13 to either side. */
  private static final double LOG = 28;

  /**
   * Bernstein's inequality (Boucheron, Lugosi, Massart, "Concentration Inequalities", 2013,
   * corollary 2.11): a sum of n independent terms of that variance, each within {@code range} of
   * its mean, is farther from its mean than this with probability e^-LOG to either side.
   */
  private static double bernstein(int n, double variance, double range) {
    double linear = range * LOG / 3;
    return linear + Math.sqrt(linear * linear + 2 * LOG * n * variance);
  }

  /**
   * The same of a sum of n squares of standard normal draws (Laurent and Massart, "Adaptive
   * Estimation of a Quadratic Functional", 2000, lemma 1).
   */
  private static double chiSquare(int n) {
    return 2 * Math.sqrt(n * LOG) + 2 * LOG;
  }

  @Test
  void aPassHandsOutFreshKeysInOrder() {
    Pass a = Pass.training(RandomKey.of(7));
    Pass b = Pass.training(RandomKey.of(7));
    Set<RandomKey> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      RandomKey key = a.nextKey();
      assertEquals(key, b.nextKey());
      assertTrue(seen.add(key));
    }
    assertTrue(a.isTraining());
  }

  @Test
  void inferenceDrawsNothing() {
    assertThrows(IllegalStateException.class, Pass.inference()::nextKey);
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable x = tape.leaf(f.normal(RandomKey.of(1), DType.FLOAT32, 3, 3));
      assertSame(x, new Dropout(0.5).forward(x, Pass.inference()));
      assertSame(x, new Dropout(0).forward(x, Pass.training(RandomKey.of(1))));
    }
  }

  @Property(tries = 30)
  void dropoutKeepsTheRestScaled(
      @ForAll long seed,
      @ForAll DType dtype,
      @ForAll @DoubleRange(min = 0.01, max = 0.95) double rate) {
    int count = 2000;
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Tensor values = f.normal(key, dtype, count, 1);
      Variable x = tape.leaf(values);
      Variable y = new Dropout(rate).forward(x, Pass.training(key));
      Variable again = new Dropout(rate).forward(x, Pass.training(key));
      assertArrayEquals(y.tensor().toDoubleArray(), again.tensor().toDoubleArray());
      double[] gradient =
          Gradients.of(Reduction.sum(y), List.of(x)).getFirst().tensor().toDoubleArray();
      double[] in = values.toDoubleArray();
      double[] out = y.tensor().toDoubleArray();
      double scale = 1 / (1 - rate);
      int dropped = 0;
      for (int i = 0; i < count; i++) {
        if (out[i] == 0 && in[i] != 0) {
          dropped++;
          assertEquals(0, gradient[i]);
        } else {
          double u = 2 * dtype.unitRoundoff();
          assertEquals(in[i] * scale, out[i], u * Math.abs(in[i]) * scale);
          assertEquals(scale, gradient[i], u * scale);
        }
      }
      // a draw of 24 bits and the rate in float32 move its probability by 2^-23 at most
      double tail = bernstein(count, rate * (1 - rate), Math.max(rate, 1 - rate));
      assertEquals(count * rate, dropped, tail + count * 0x1p-23);
    }
  }

  @Test
  void droppedElementsAreZeroWhateverTheyWere() {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Tensor nan = f.ops().full(Double.NaN, DType.FLOAT32, Shape.of(64, 2));
      Variable y = new Dropout(0.5).forward(tape.leaf(nan), Pass.training(RandomKey.of(3)));
      int zeros = 0;
      for (double v : y.tensor().toDoubleArray()) {
        assertTrue(v == 0 || Double.isNaN(v));
        zeros += v == 0 ? 1 : 0;
      }
      assertTrue(zeros > 20);
    }
  }

  @Test
  void ratesOutsideTheirRangeAreRefused() {
    for (double rate : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Dropout(rate));
    }
  }

  @Property(tries = 20)
  void firstValuesHaveTheirDistribution(@ForAll long seed, @ForAll DType dtype) {
    RandomKey key = RandomKey.of(seed);
    Shape shape = Shape.of(50, 30);
    try (LayerFixture f = new LayerFixture()) {
      assertUniform(f, Initializers.uniformFanIn(50), key, dtype, shape, 1 / Math.sqrt(50));
      assertUniform(f, Initializers.xavier(), key, dtype, shape, Math.sqrt(6.0 / 80));
      double[] v = draw(f, Initializers.kaiming(), key, dtype, shape);
      double rounding = 4 * dtype.unitRoundoff();
      assertEquals(2.0 / 50, meanSquare(v), 2.0 / 50 * (chiSquare(v.length) / v.length + rounding));
    }
  }

  private static void assertUniform(
      LayerFixture f, Initializer init, RandomKey key, DType dtype, Shape shape, double bound) {
    double[] v = draw(f, init, key, dtype, shape);
    for (double x : v) {
      assertTrue(Math.abs(x) <= bound * (1 + 4 * dtype.unitRoundoff()));
    }
    // the square of a uniform draw has mean 1/3 and variance 4/45 of the bound's powers
    double square = bound * bound;
    double tail = bernstein(v.length, 4.0 / 45, 2.0 / 3) / v.length;
    assertEquals(square / 3, meanSquare(v), square * (tail + 4 * dtype.unitRoundoff()));
  }

  private static double[] draw(
      LayerFixture f, Initializer init, RandomKey key, DType dtype, Shape shape) {
    int before = f.scope().size();
    double[] first = init.create(f.ops(), key, dtype, shape).toDoubleArray();
    assertEquals(before + 1, f.scope().size(), "only the result stays in the scope");
    assertArrayEquals(first, init.create(f.ops(), key, dtype, shape).toDoubleArray());
    double[] other = init.create(f.ops(), key.fold(1), dtype, shape).toDoubleArray();
    // single elements of 24 bits do meet
    assertFalse(Arrays.equals(first, other));
    return first;
  }

  private static double meanSquare(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v * v;
    }
    return sum / values.length;
  }
}
