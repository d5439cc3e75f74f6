package org.modalimmune.conformance;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Element-wise kernels: values, NaN and infinity, every layout, in place. */
public abstract class ElementwiseContract extends Contract {
  private static final Sampler MODERATE = r -> 4 * r.nextGaussian();

  /** For subclasses. */
  protected ElementwiseContract() {}

  @Property(tries = 400)
  void unary(
      @ForAll UnaryOp op,
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, in, t.random().nextBoolean() ? Sampler.ANY : MODERATE);
      Placement y = t.result(shape, out);
      elementwise(t).unary(op, x.view(), y.view());
      t.expect("unary " + op, y, i -> UnaryOracle.expect(op, x.value(i), dtype));
    }
  }

  @Property
  void unaryOnManyNumbers(@ForAll UnaryOp op, @ForAll DType dtype) {
    try (Trial t = trial(dtype, op.name().hashCode())) {
      Placement x = t.operand(Shape.of(3001), Layout.DENSE, Sampler.ANY);
      Placement y = t.result(Shape.of(3001), Layout.DENSE);
      elementwise(t).unary(op, x.view(), y.view());
      t.expect("unary " + op, y, i -> UnaryOracle.expect(op, x.value(i), dtype));
    }
  }

  @Property(tries = 100)
  void unaryInPlace(
      @ForAll UnaryOp op,
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("results") Layout layout,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.inPlace(shape, layout, Sampler.ANY);
      elementwise(t).unary(op, x.view(), x.view());
      t.expect("unary in place " + op, x, i -> UnaryOracle.expect(op, x.value(i), dtype));
    }
  }

  @Property(tries = 100)
  void geluWithDerivative(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll("results") Layout slope,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, in, t.random().nextBoolean() ? Sampler.ANY : MODERATE);
      requireGeluWithDerivative(t, x, t.result(shape, out), t.result(shape, slope), dtype);
    }
  }

  @Property
  void geluWithDerivativeOfManyNumbers(@ForAll DType dtype, @ForAll boolean moderate) {
    try (Trial t = trial(dtype, 71)) {
      Shape shape = Shape.of(3001);
      Placement x = t.operand(shape, Layout.DENSE, moderate ? MODERATE : Sampler.ANY);
      Placement y = t.result(shape, Layout.DENSE);
      requireGeluWithDerivative(t, x, y, t.result(shape, Layout.DENSE), dtype);
    }
  }

  private static void requireGeluWithDerivative(
      Trial t, Placement x, Placement y, Placement dy, DType dtype) {
    elementwise(t).geluWithDerivative(x.view(), y.view(), dy.view());
    t.expect("gelu", y, i -> UnaryOracle.expect(UnaryOp.GELU, x.value(i), dtype));
    t.expect(
        "gelu derivative", dy, i -> UnaryOracle.expect(UnaryOp.GELU_DERIVATIVE, x.value(i), dtype));
  }

  @Property(tries = 300)
  void binary(
      @ForAll BinaryOp op,
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Sampler sampler = t.random().nextBoolean() ? Sampler.ANY : Sampler.TIES;
      Placement a = t.operand(shape, left, sampler);
      Placement b = t.operand(shape, right, sampler);
      Placement y = t.result(shape, out);
      elementwise(t).binary(op, a.view(), b.view(), y.view());
      t.expect("binary " + op, y, i -> BinaryOracle.expect(op, a.value(i), b.value(i), dtype));
    }
  }

  @Property(tries = 100)
  void binaryOverItsOperand(
      @ForAll BinaryOp op,
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("results") Layout layout,
      @ForAll("operands") Layout other,
      @ForAll boolean first,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.inPlace(shape, layout, Sampler.ANY);
      Placement z = t.operand(shape, other, Sampler.ANY);
      Placement a = first ? x : z;
      Placement b = first ? z : x;
      elementwise(t).binary(op, a.view(), b.view(), x.view());
      t.expect(
          "binary in place " + op, x, i -> BinaryOracle.expect(op, a.value(i), b.value(i), dtype));
    }
  }

  @Property(tries = 100)
  void multiplyAdd(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout first,
      @ForAll("operands") Layout second,
      @ForAll("results") Layout out,
      @ForAll boolean finite,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Sampler sampler = finite ? MODERATE : nonFinite();
      Placement a = t.operand(shape, first, sampler);
      Placement b = t.operand(shape, second, sampler);
      Placement c = t.operand(shape, first, sampler);
      Placement y = t.result(shape, out);
      elementwise(t).multiplyAdd(a.view(), b.view(), c.view(), y.view());
      t.expect(
          "multiplyAdd",
          y,
          i -> {
            if (!finite) {
              return Bounded.exactly(a.value(i) * b.value(i) + c.value(i));
            }
            DoubleDouble product = DoubleDouble.product(a.value(i), b.value(i));
            return Bounded.within(
                product.plus(c.value(i)), Tolerances.multiplyAdd(product.hi(), c.value(i), dtype));
          });
    }
  }

  @Property(tries = 100)
  void select(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout first,
      @ForAll("operands") Layout second,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement c = t.operand(shape, second, Sampler.TIES);
      Placement a = t.operand(shape, first, Sampler.ANY);
      Placement b = t.operand(shape, second, Sampler.ANY);
      Placement y = t.result(shape, out);
      elementwise(t).select(c.view(), a.view(), b.view(), y.view());
      t.expect("select", y, i -> Bounded.exactly(c.value(i) != 0 ? a.value(i) : b.value(i)));
    }
  }

  @Property(tries = 100)
  void affine(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double scale = t.random().nextGaussian();
      double shift = t.random().nextGaussian();
      Placement x = t.operand(shape, in, Sampler.WIDE);
      Placement y = t.result(shape, out);
      elementwise(t).affine(x.view(), scale, shift, y.view());
      t.expect(
          "affine " + scale + " " + shift,
          y,
          i -> {
            DoubleDouble product = DoubleDouble.product(scale, x.value(i));
            return Bounded.within(
                product.plus(shift), Tolerances.affine(product.hi(), shift, dtype));
          });
    }
  }

  @Property(tries = 50)
  void affineKeepsNonFinite(@ForAll DType dtype, @ForAll("lengths") long n, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(Shape.of(n), Layout.DENSE, nonFinite());
      Placement y = t.result(Shape.of(n), Layout.DENSE);
      elementwise(t).affine(x.view(), -2, 1, y.view());
      t.expect("affine", y, i -> Bounded.exactly(-2 * x.value(i) + 1));
    }
  }

  @Property(tries = 100)
  void clamp(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double low = t.random().nextGaussian();
      double high = t.random().nextInt(4) == 0 ? low : low + 2 * t.random().nextDouble();
      Placement x = t.operand(shape, in, Sampler.ANY);
      Placement y = t.result(shape, out);
      elementwise(t).clamp(x.view(), low, high, y.view());
      t.expect(
          "clamp to " + low + " .. " + high,
          y,
          i -> {
            double clamped = Math.min(Math.max(x.value(i), low), high);
            return Bounded.exactly(Placement.round(dtype, clamped));
          });
    }
  }

  @Property(tries = 100)
  void axpy(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double alpha = t.random().nextInt(5) == 0 ? 0 : t.random().nextGaussian();
      Placement x = t.operand(shape, in, Sampler.WIDE);
      Placement y = t.inPlace(shape, out, Sampler.WIDE);
      elementwise(t).axpy(alpha, x.view(), y.view());
      t.expect(
          "axpy " + alpha,
          y,
          i -> {
            DoubleDouble product = DoubleDouble.product(alpha, x.value(i));
            return Bounded.within(
                product.plus(y.value(i)), Tolerances.affine(product.hi(), y.value(i), dtype));
          });
    }
  }

  @Property(tries = 50)
  void axpyKeepsNonFinite(@ForAll DType dtype, @ForAll("lengths") long n, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(Shape.of(n), Layout.DENSE, nonFinite());
      Placement y = t.inPlace(Shape.of(n), Layout.DENSE, nonFinite());
      // 0 NaN is NaN: a zero factor hides nothing
      double alpha = t.random().nextInt(3) - 1;
      elementwise(t).axpy(alpha, x.view(), y.view());
      t.expect("axpy " + alpha, y, i -> Bounded.exactly(y.value(i) + alpha * x.value(i)));
    }
  }

  @Property(tries = 60)
  void fill(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double value = Sampler.ANY.next(t.random());
      Placement y = t.result(shape, out);
      elementwise(t).fill(value, y.view());
      t.expect("fill " + value, y, i -> Bounded.exactly(Placement.round(dtype, value)));
    }
  }

  @Property(tries = 150)
  void copyBetweenTypes(
      @ForAll DType from,
      @ForAll DType to,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(from, seed)) {
      Placement x = t.operand(shape, in, Sampler.ANY);
      Placement y = t.result(to, shape, out);
      elementwise(t).copy(x.view(), y.view());
      t.expect("copy", y, i -> Bounded.exactly(Placement.round(to, x.value(i))));
    }
  }

  /** Large enough for tiles, and no multiple of one. */
  @Property(tries = 24)
  void copyOfTurnedMatrices(
      @ForAll DType dtype,
      @ForAll @IntRange(min = 32, max = 70) int rows,
      @ForAll @IntRange(min = 32, max = 70) int columns,
      @ForAll @IntRange(min = 1, max = 3) int matrices,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Shape shape = Shape.of(matrices, rows, columns);
      Placement x = t.operand(shape, Layout.TRANSPOSED, Sampler.ANY);
      Placement y = t.result(shape, out);
      elementwise(t).copy(x.view(), y.view());
      t.expect("copy", y, i -> Bounded.exactly(x.value(i)));
    }
  }

  private static ElementwiseKernels elementwise(Trial t) {
    return t.kernels().elementwise();
  }

  private static Sampler nonFinite() {
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 1, -3};
    return r -> values[r.nextInt(values.length)];
  }
}
