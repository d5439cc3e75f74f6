package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.tensor.Shape;

/** The structural path agrees with one backward walk per row, and refuses what it cannot do. */
class PerSampleGradientsTest {
  /**
   * What the derivative of one row's loss in {@link #denseLosses} becomes on its way back, in norm
   * and cancellation not counted, for at most 5 hidden units: normalised rows are shorter than
   * sqrt(5), scaled ones than 6.8, logits than 1.5 x 5.9 x 6.8 = 60; shifted by 2.6, so that a
   * logarithm of a softmax is above -90. The loss: 2 x 90 sqrt(3); the softmax: 1 + sqrt(3) x
   * sqrt(3); matrix and temperature: 1.5 x 5.9; the gain: 1.5; layer normalisation with 0.01: 3 x
   * 10; the hyperbolic tangent: 1; the linear layer: |(x, 1)| < 3.2. What leaves on the way is
   * less.
   */
  private static final double DENSE = 2 * 90 * 1.8 * 4 * 1.5 * 5.9 * 1.5 * 30 * 3.2;

  /**
   * The same for the sequence model with 4 positions: the loss: 2 sqrt(2) at each; once: 3.7; the
   * second use of w: 4.5; the hyperbolic tangent: 1; the linear layer: |(x, 1)| < 5.3; 4 positions.
   * Leaving by the second use of w, |h + b| < 4.4 takes the place of the last two.
   */
  private static final double SEQUENCE = 2.9 * 3.7 * 4.5 * 5.3 * 4;

  /** Two layers, layer normalisation with gain and bias, and a scalar temperature. */
  private static Variable denseLosses(Variable x, List<Variable> p) {
    Variable h = Elementwise.tanh(Matrix.linear(x, p.get(0), p.get(1)));
    Variable n = Normalization.layerNorm(h, 1e-2);
    Variable scaled = Elementwise.add(Elementwise.multiply(n, p.get(2)), p.get(3));
    Variable logits = Elementwise.multiply(Matrix.matmul(scaled, p.get(4)), p.get(5));
    Variable shifted = Elementwise.subtract(logits, p.get(6));
    return Reduction.sum(Elementwise.square(Normalization.logSoftmax(shifted)), 1);
  }

  @Property(tries = 30)
  void agreesWithOneWalkPerRow(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 4) int in,
      @ForAll @IntRange(min = 1, max = 5) int hidden) {
    try (Fixture f = new Fixture(seed)) {
      List<Variable> p =
          List.of(
              f.leaf(in, hidden),
              f.leaf(hidden),
              f.leaf(hidden),
              f.leaf(1, hidden),
              f.leaf(hidden, 3),
              f.leaf(),
              f.leaf(3));
      agree(rows, denseLosses(f.constant(rows, in), p), p, DENSE);
    }
  }

  /**
   * A sequence model: every parameter is used at each position, and one weight in two layers,
   * another in one.
   */
  @Property(tries = 30)
  void sumsOverPositionsAndUsesBeforeSquaring(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int positions) {
    try (Fixture f = new Fixture(seed)) {
      Variable w = f.leaf(3, 3);
      Variable b = f.leaf(3);
      Variable place = f.leaf(positions, 3);
      Variable unused = f.leaf(2);
      Variable once = f.leaf(3, 2);
      Variable x = Elementwise.add(f.constant(rows, positions, 3), place);
      Variable h = Elementwise.tanh(Matrix.linear(x, w, b));
      Variable y = Matrix.matmul(Elementwise.add(h, b), w);
      Variable z = Elementwise.tanh(Matrix.matmul(y, once));
      Variable losses = Reduction.sum(Reduction.sum(Elementwise.square(z), 2), 1);
      agree(rows, losses, List.of(w, b, place, unused, w, once), SEQUENCE);
    }
  }

  private static void agree(int rows, Variable losses, List<Variable> p, double amplitude) {
    double row = Fixture.rounding(amplitude);
    List<Variable> slow = PerSampleGradients.byRow(rows, i -> Shaping.select(losses, 0, i), p);
    List<Variable> fast = PerSampleGradients.of(losses, p);
    List<Variable> squares = PerSampleGradients.squaredSum(losses, p);
    List<Variable> means = PerSampleGradients.meanSquare(losses, p);
    List<Variable> total = Gradients.of(Reduction.sum(losses), p);
    for (int i = 0; i < p.size(); i++) {
      Variable expected = slow.get(i);
      assertEquals(p.get(i).shape().inserted(0, rows), expected.shape());
      Fixture.requireClose(expected, fast.get(i), row);
      Fixture.requireClose(total.get(i), Reduction.sum(expected, 0), rows * row);
      Variable square = Reduction.sum(Elementwise.square(expected), 0);
      double largest = largest(expected);
      double ofSquare = row * (2 * largest + row) + 8 * 0x1p-53 * largest * largest;
      Fixture.requireClose(square, squares.get(i), rows * ofSquare);
      Fixture.requireClose(Elementwise.scale(square, 1.0 / rows), means.get(i), ofSquare);
    }
  }

  private static double largest(Variable v) {
    double largest = 0;
    for (double x : v.tensor().toDoubleArray()) {
      largest = Math.max(largest, Math.abs(x));
    }
    return largest;
  }

  @Test
  void namesTheOperationThatHasNoRuleForRows() {
    try (Fixture f = new Fixture(1)) {
      Variable w = f.leaf(2, 3);
      Variable y = Matrix.matmul(f.constant(4, 3), Matrix.transpose(w));
      Variable losses = Reduction.sum(y, 1);
      NotRowwiseException e =
          assertThrows(NotRowwiseException.class, () -> PerSampleGradients.of(losses, List.of(w)));
      assertTrue(e.getMessage().contains("enters transpose as operand 0"), e.getMessage());
      assertTrue(e.getMessage().contains("byRow"), e.getMessage());
      assertTrue(f.tape.isRecording());
    }
  }

  @Test
  void refusesParametersThatDoNotEnterRowByRow() {
    try (Fixture f = new Fixture(2)) {
      Variable left = f.leaf(4, 3);
      Variable ofRows = f.leaf(4, 2);
      Variable flat = f.leaf(3, 2);
      Variable divisor = f.leaf(3);
      Variable x = f.constant(3, 2);
      refuse(Reduction.sum(Matrix.matmul(left, x), 1), left);
      refuse(Reduction.sum(Elementwise.add(ofRows, f.constant(4, 2)), 1), ofRows);
      // two positions per row, folded into axis 0 by the caller
      Variable y = Matrix.matmul(f.constant(8, 3), flat);
      refuse(Reduction.sum(Shaping.reshape(y, Shape.of(4, 4)), 1), flat);
      refuse(Reduction.sum(Elementwise.divide(f.constant(4, 3), divisor), 1), divisor);
    }
  }

  private static void refuse(Variable losses, Variable parameter) {
    assertThrows(
        NotRowwiseException.class, () -> PerSampleGradients.of(losses, List.of(parameter)));
  }

  @Test
  void refusesLossesAndParametersOfTheWrongKind() {
    try (Fixture f = new Fixture(3)) {
      Variable w = f.leaf(3, 2);
      Variable y = Matrix.matmul(f.constant(4, 3), w);
      Variable losses = Reduction.sum(y, 1);
      assertThrows(IllegalArgumentException.class, () -> PerSampleGradients.of(y, List.of(w)));
      assertThrows(IllegalArgumentException.class, () -> PerSampleGradients.of(losses, List.of(y)));
      Variable leaf = f.leaf(4);
      assertThrows(
          IllegalArgumentException.class, () -> PerSampleGradients.of(leaf, List.of(leaf)));
      Variable none = Reduction.sum(Matrix.matmul(f.constant(0, 3), w), 1);
      assertThrows(
          IllegalArgumentException.class, () -> PerSampleGradients.meanSquare(none, List.of(w)));
      assertEquals(Shape.of(0, 3, 2), PerSampleGradients.of(none, List.of(w)).getFirst().shape());
    }
  }
}
