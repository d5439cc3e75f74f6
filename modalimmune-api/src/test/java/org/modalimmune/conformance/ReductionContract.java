package org.modalimmune.conformance;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Sums, extrema and inner products: every choice of axes, NaN, empty axes, up to 10^7 terms. */
public abstract class ReductionContract extends Contract {
  /** For subclasses. */
  protected ReductionContract() {}

  @Property(tries = 400)
  void reduce(
      @ForAll ReduceOp op,
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      long[] dims = shape.dims();
      for (int i = 0; i < dims.length; i++) {
        boolean kept = t.random().nextBoolean() || (op != ReduceOp.SUM && dims[i] == 0);
        dims[i] = kept ? dims[i] : 1;
      }
      Sampler sampler = t.random().nextInt(3) == 0 ? Sampler.TIES : Sampler.NORMAL;
      Placement x = t.operand(shape, in, sampler);
      Placement y = t.result(Shape.of(dims), out);
      t.kernels().reduction().reduce(op, x.view(), y.view());
      Bounded[] expected = ReductionOracle.expect(op, x, Shape.of(dims), dtype);
      t.expect("reduce " + op, y, i -> expected[i]);
    }
  }

  @Property(tries = 150)
  void dot(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Sampler sampler = t.random().nextInt(4) == 0 ? Sampler.TIES : Sampler.NORMAL;
      Placement a = t.operand(shape, left, sampler);
      Placement b = t.operand(shape, right, sampler);
      Placement y = t.result(Shape.of(), Layout.OFFSET);
      t.kernels().reduction().dot(a.view(), b.view(), y.view());
      double[] products = new double[2 * a.elements()];
      for (int i = 0; i < a.elements(); i++) {
        DoubleDouble p = DoubleDouble.product(a.value(i), b.value(i));
        products[2 * i] = p.hi();
        products[2 * i + 1] = Double.isFinite(p.hi()) ? p.lo() : 0;
      }
      t.expect("dot", y, i -> ReductionOracle.sum(products, a.elements(), 1, dtype));
    }
  }

  @Property(tries = 60)
  void oneNanReachesTheExtremum(@ForAll DType dtype, @ForAll("lengths") long n, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double[] elements = new double[(int) n + 1];
      int at = t.random().nextInt(elements.length);
      elements[at] = Double.NaN;
      for (ReduceOp op : ReduceOp.values()) {
        Placement x = t.operand(Shape.of(n + 1), Layout.DENSE, elements);
        Placement y = t.result(Shape.of(1), Layout.DENSE);
        t.kernels().reduction().reduce(op, x.view(), y.view());
        t.expect(op + " with NaN at " + at, y, i -> Bounded.exactly(Double.NaN));
      }
      double[] columns = new double[3 * elements.length];
      columns[3 * at + 1] = Double.NaN;
      for (ReduceOp op : ReduceOp.values()) {
        Placement x = t.operand(Shape.of(n + 1, 3), Layout.DENSE, columns);
        Placement y = t.result(Shape.of(1, 3), Layout.DENSE);
        t.kernels().reduction().reduce(op, x.view(), y.view());
        t.expect(
            op + " of columns with NaN in row " + at,
            y,
            i -> Bounded.exactly(i == 1 ? Double.NaN : 0));
      }
    }
  }

  @Property
  void millionTerms(@ForAll DType dtype, @ForAll boolean oneSign) {
    longSum(dtype, 1_000_003, oneSign);
  }

  @Example
  void tenMillionFloats() {
    longSum(DType.FLOAT32, 10_000_000, true);
  }

  @Property(tries = 12)
  void longColumnsAndRows(
      @ForAll ReduceOp op, @ForAll DType dtype, @ForAll boolean columns, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Shape shape = columns ? Shape.of(100_003, 3) : Shape.of(3, 100_003);
      Placement x = t.operand(shape, Layout.DENSE, Sampler.POSITIVE);
      Shape target = shape.with(columns ? 0 : 1, 1);
      Placement y = t.result(target, Layout.DENSE);
      t.kernels().reduction().reduce(op, x.view(), y.view());
      Bounded[] expected = ReductionOracle.expect(op, x, target, dtype);
      t.expect("long " + op, y, i -> expected[i]);
    }
  }

  private void longSum(DType dtype, int n, boolean oneSign) {
    double[] terms = new double[n];
    SplittableRandom random = new SplittableRandom(n);
    for (int i = 0; i < n; i++) {
      terms[i] = (float) (oneSign ? random.nextDouble() : random.nextGaussian());
    }
    try (Scope scope = backend().newScope()) {
      Tensor x = scope.of(dtype, Shape.of(n), terms);
      Tensor y = scope.zeros(dtype, Shape.of(1));
      backend().kernels().reduction().reduce(ReduceOp.SUM, x, y);
      Bounded expected = ReductionOracle.sum(terms, n, 0, dtype);
      Trial.expect("sum of " + n + " terms", y, i -> expected);
      Tensor z = scope.zeros(dtype, Shape.of());
      Tensor ones = scope.of(dtype, Shape.of(1), 1).expand(Shape.of(n));
      backend().kernels().reduction().dot(x, ones, z);
      Bounded product = ReductionOracle.sum(terms, n, 1, dtype);
      Trial.expect("dot of " + n + " terms", z, i -> product);
      double largest = Arrays.stream(terms).max().orElseThrow();
      backend().kernels().reduction().reduce(ReduceOp.MAX, x, y);
      Trial.expect("largest of " + n, y, i -> Bounded.exactly(largest));
    }
  }
}
