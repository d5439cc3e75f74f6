package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Laws that derivatives obey whatever the function. */
class GradientsTest {
  private static final double UNITS = 4096;

  /**
   * What a cotangent of norm 1 becomes on its way back through {@link #network} to x, w and b
   * together, cancellation not counted. Rows of joined have squares below 3 + 0.7, so |y| < 3.7 and
   * exp(-y) < 41. Softmax and its product with exp: 41 (2 + 1). The product of joined, of norm 3.9
   * for four rows, with its transpose: 2 x 3.9. Layer normalisation with 0.1: 3 / sqrt(0.1); the
   * sigmoid: 1/4; the hyperbolic tangent: 1. The linear layer: |w| < 5.2, |x| <= 6, |1| = 2.
   */
  private static final double AMPLITUDE = 41 * 3 * 2 * 3.9 * 9.8 * 8.2;

  /** A small network of the operations models are made of: [rows, 3] from x, w, b. */
  private static Variable network(List<Variable> in) {
    Variable h = Elementwise.tanh(Matrix.linear(in.get(0), in.get(1), in.get(2)));
    Variable n = Normalization.layerNorm(h, 0.1);
    Variable joined = Shaping.concat(1, List.of(n, Shaping.slice(Elementwise.sigmoid(h), 1, 0, 1)));
    Variable y = Matrix.matmul(joined, Shaping.transpose(joined, 0, 1));
    return Elementwise.multiply(Normalization.softmax(y), Elementwise.exp(Elementwise.negate(y)));
  }

  private static List<Variable> inputs(Fixture f, int rows) {
    return List.of(f.leaf(rows, 4), f.leaf(4, 3), f.leaf(3));
  }

  @Property(tries = 30)
  void vjpIsLinearInItsCotangent(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    try (Fixture f = new Fixture(seed)) {
      List<Variable> x = inputs(f, rows);
      Variable y = network(x);
      Variable u = f.constant(rows, rows);
      Variable v = f.constant(rows, rows);
      Variable mixed = Elementwise.add(Elementwise.scale(u, 2), Elementwise.scale(v, -3));
      List<Variable> gu = Gradients.vjp(y, u, x);
      List<Variable> gv = Gradients.vjp(y, v, x);
      List<Variable> g = Gradients.vjp(y, mixed, x);
      for (int i = 0; i < x.size(); i++) {
        Variable sum =
            Elementwise.add(Elementwise.scale(gu.get(i), 2), Elementwise.scale(gv.get(i), -3));
        // |2 u| + |3 v|
        Fixture.requireClose(sum, g.get(i), Fixture.rounding(5 * 1.5 * rows * AMPLITUDE));
      }
    }
  }

  @Property(tries = 30)
  void jvpIsTheAdjointOfVjp(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    try (Fixture f = new Fixture(seed)) {
      List<Variable> x = inputs(f, rows);
      List<Variable> t = f.like(x);
      Variable y = network(x);
      Variable u = f.constant(rows, rows);
      double pulled = Fixture.inner(Gradients.vjp(y, u, x), t);
      double pushed = Fixture.inner(List.of(Gradients.jvp(y, x, t)), List.of(u));
      // |u| and, of 31 elements at most, |t|
      assertEquals(pulled, pushed, Fixture.rounding(1.5 * rows * 1.5 * Math.sqrt(31) * AMPLITUDE));
    }
  }

  /** At the same draws every run: the bound is that of common ones, with nothing cancelling. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void hessiansAreSymmetric(
      @ForAll @IntRange(max = 7) int seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    try (Fixture f = new Fixture(seed)) {
      List<Variable> x = inputs(f, rows);
      List<Variable> v = f.like(x);
      List<Variable> w = f.like(x);
      Variable loss = Reduction.sum(Elementwise.square(network(x)));
      double vhw = Fixture.inner(v, Gradients.hvp(loss, x, w));
      double whv = Fixture.inner(w, Gradients.hvp(loss, x, v));
      assertEquals(vhw, whv, UNITS * 0x1p-53 * (1 + Math.abs(vhw)));
    }
  }

  /** At the same draws every run: the bound is that of common ones, with nothing cancelling. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void hessianProductIsTheDifferenceOfGradients(
      @ForAll @IntRange(max = 7) int seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    try (Fixture f = new Fixture(seed)) {
      List<Variable> x = inputs(f, rows);
      List<Variable> v = f.like(x);
      Variable loss = Reduction.sum(Elementwise.square(network(x)));
      List<Variable> product = Gradients.hvp(loss, x, v);
      List<Variable> gradient = Gradients.of(loss, x);
      double h = 0x1p-18;
      List<Variable> near = gradientDifference(f, x, v, h);
      List<Variable> far = gradientDifference(f, x, v, 2 * h);
      // a gradient is right to 64 roundings of its size; the difference divides them by h, and its
      // truncation error is a third of the distance between the two steps
      double rounding = 64 * 0x1p-53 / h * (1 + Math.sqrt(Fixture.inner(gradient, gradient)));
      for (int i = 0; i < x.size(); i++) {
        double[] a = near.get(i).tensor().toDoubleArray();
        double[] b = far.get(i).tensor().toDoubleArray();
        double[] p = product.get(i).tensor().toDoubleArray();
        for (int j = 0; j < p.length; j++) {
          assertEquals(a[j], p[j], Math.abs(a[j] - b[j]) / 3 + rounding);
        }
      }
    }
  }

  /** With square(x) beside it, the cotangent that reaches the activation depends on x too. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void thirdDerivativesOfActivationsAreDifferencesOfSecond(
      @ForAll UnaryOp op, @ForAll @IntRange(max = 1) int seed) {
    Assume.that(SlopeRule.knows(op));
    try (Fixture f = new Fixture(seed)) {
      Variable x = f.leaf(9);
      double h = 0x1p-18;
      double[] third = third(op, x).tensor().toDoubleArray();
      double[] ahead = second(op, f.tape.leaf(f.tape.ops().affine(x.tensor(), 1, h)));
      double[] behind = second(op, f.tape.leaf(f.tape.ops().affine(x.tensor(), 1, -h)));
      for (int i = 0; i < third.length; i++) {
        // magnitudes below 64; truncation h^2 / 6 times a fifth derivative, rounding u / h
        assertEquals((ahead[i] - behind[i]) / (2 * h), third[i], 64 * 64 * 0x1p-53 / h);
      }
    }
  }

  private static Variable bent(UnaryOp op, Variable x) {
    return Reduction.sum(Elementwise.multiply(Elementwise.unary(op, x), Elementwise.square(x)));
  }

  private static double[] second(UnaryOp op, Variable x) {
    Variable first = Gradients.differentiable(bent(op, x), List.of(x)).getFirst();
    return Gradients.of(Reduction.sum(first), List.of(x)).getFirst().tensor().toDoubleArray();
  }

  private static Variable third(UnaryOp op, Variable x) {
    Variable first = Gradients.differentiable(bent(op, x), List.of(x)).getFirst();
    Variable second = Gradients.differentiable(Reduction.sum(first), List.of(x)).getFirst();
    return Gradients.of(Reduction.sum(second), List.of(x)).getFirst();
  }

  private static List<Variable> gradientDifference(
      Fixture f, List<Variable> x, List<Variable> v, double h) {
    List<Variable> above = gradientAt(f, x, v, h);
    List<Variable> below = gradientAt(f, x, v, -h);
    List<Variable> difference = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      difference.add(
          Elementwise.scale(Elementwise.subtract(above.get(i), below.get(i)), 1 / (2 * h)));
    }
    return difference;
  }

  private static List<Variable> gradientAt(
      Fixture f, List<Variable> x, List<Variable> v, double h) {
    List<Variable> moved = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      Variable m = Elementwise.add(x.get(i).detach(), Elementwise.scale(v.get(i), h));
      moved.add(f.tape.leaf(m.tensor()));
    }
    return Gradients.of(Reduction.sum(Elementwise.square(network(moved))), moved);
  }

  @Test
  void derivativesOfAPowerToEveryOrder() {
    try (Fixture f = new Fixture(1)) {
      Variable x = f.tape.leaf(f.tape.scope().of(DType.FLOAT64, Shape.of(), 1.5));
      Variable d = Elementwise.square(Elementwise.square(x));
      double[] expected = {4 * 3.375, 12 * 2.25, 24 * 1.5, 24, 0};
      for (double e : expected) {
        d = Gradients.differentiable(d, List.of(x)).getFirst();
        assertEquals(e, d.tensor().item());
      }
    }
  }

  @Test
  void kinksAndTiesFollowTheirConventions() {
    try (Fixture f = new Fixture(2)) {
      Variable x = f.tape.leaf(f.tape.scope().of(DType.FLOAT64, Shape.of(3), -1, 0, 1));
      gradient(new double[] {0, 0, 1}, Elementwise.relu(x), x);
      gradient(new double[] {-1, 0, 1}, Elementwise.unary(UnaryOp.ABS, x), x);
      gradient(new double[] {0, 1, 1}, Elementwise.clamp(x, 0, 1), x);
      Variable zero = f.tape.constant(0, DType.FLOAT64);
      gradient(new double[] {0, 0.5, 1}, Elementwise.maximum(x, zero), x);
      gradient(new double[] {1, 0.5, 0}, Elementwise.minimum(zero, x), x);
      Variable tied = f.tape.leaf(f.tape.scope().of(DType.FLOAT64, Shape.of(3), 2, -1, 2));
      gradient(new double[] {0.5, 0, 0.5}, Reduction.max(tied, 0), tied);
      gradient(new double[] {0, 1, 0}, Reduction.min(tied, 0), tied);
    }
  }

  private static void gradient(double[] expected, Variable y, Variable x) {
    assertArrayEquals(
        expected, Gradients.of(Reduction.sum(y), List.of(x)).getFirst().tensor().toDoubleArray());
  }

  @Test
  void whatDoesNotDependGetsZeros() {
    try (Fixture f = new Fixture(3)) {
      Variable x = f.leaf(2);
      Variable y = f.leaf(3, 1);
      Variable loss = Reduction.sum(x);
      assertArrayEquals(
          new double[3], Gradients.of(loss, List.of(y)).getFirst().tensor().toDoubleArray());
      assertArrayEquals(
          new double[2],
          Gradients.hvp(loss, List.of(x), f.like(List.of(x))).getFirst().tensor().toDoubleArray());
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (Fixture f = new Fixture(4)) {
      Variable x = f.leaf(2);
      Variable y = Elementwise.square(x);
      Variable narrow = Elementwise.cast(x.detach(), DType.FLOAT32);
      List<Variable> wrt = List.of(x);
      assertThrows(IllegalArgumentException.class, () -> Gradients.of(y, wrt));
      assertThrows(IllegalArgumentException.class, () -> Gradients.vjp(y, f.constant(3), wrt));
      assertThrows(IllegalArgumentException.class, () -> Gradients.vjp(y, narrow, wrt));
      assertThrows(IllegalArgumentException.class, () -> Gradients.jvp(y, wrt, List.of()));
      assertThrows(IllegalArgumentException.class, () -> Gradients.jvp(y, wrt, List.of(narrow)));
      assertThrows(
          IllegalArgumentException.class,
          () -> Gradients.hvp(Reduction.sum(y), wrt, List.of(f.constant(1, 2))));
    }
  }
}
