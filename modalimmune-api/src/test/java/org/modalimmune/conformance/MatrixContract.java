package org.modalimmune.conformance;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Matrix products: ragged sizes, every layout, batches, NaN behind zeros. */
public abstract class MatrixContract extends Contract {
  /** For subclasses. */
  protected MatrixContract() {}

  /** Sizes that no tile divides. */
  @Provide
  Arbitrary<Integer> extents() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of(0, 1)),
        Tuple.of(6, Arbitraries.integers().between(1, 40)),
        Tuple.of(1, Arbitraries.of(64, 67, 97)));
  }

  @Property(tries = 200)
  void matmul(
      @ForAll DType dtype,
      @ForAll("extents") int m,
      @ForAll("extents") int k,
      @ForAll("extents") int n,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    check(dtype, Shape.of(), m, k, n, new Layout[] {left, right, out}, Sampler.NORMAL, seed);
  }

  @Property(tries = 100)
  void batches(
      @ForAll DType dtype,
      @ForAll @IntRange(max = 3) int outer,
      @ForAll @IntRange(max = 4) int inner,
      @ForAll @IntRange(max = 9) int m,
      @ForAll @IntRange(max = 20) int k,
      @ForAll @IntRange(max = 9) int n,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    Layout[] layouts = {left, right, out};
    check(dtype, Shape.of(outer, inner), m, k, n, layouts, Sampler.NORMAL, seed);
  }

  /** Squares that share one factor: transposed ones must not pass for one tall matrix. */
  @Property(tries = 16)
  void squaresWithOneFactor(
      @ForAll DType dtype,
      @ForAll @IntRange(min = 2, max = 5) int size,
      @ForAll boolean turned,
      @ForAll boolean turnedOut,
      @ForAll long seed) {
    Layout[] layouts = {
      turned ? Layout.TRANSPOSED : Layout.DENSE,
      Layout.EXPANDED,
      turnedOut ? Layout.TRANSPOSED : Layout.DENSE
    };
    check(dtype, Shape.of(3), size, size, size, layouts, Sampler.NORMAL, seed);
  }

  @Property(tries = 20)
  void rowsThatAreOneRow(
      @ForAll DType dtype,
      @ForAll @IntRange(min = 2, max = 20) int m,
      @ForAll("extents") int k,
      @ForAll("extents") int n,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(Shape.of(1, k), Layout.DENSE, Sampler.NORMAL);
      Placement w = t.operand(Shape.of(k, n), Layout.DENSE, Sampler.NORMAL);
      Placement y = t.result(Shape.of(m, n), Layout.DENSE);
      t.kernels().matrix().matmul(x.view().expand(Shape.of(m, k)), w.view(), y.view());
      double[] b = w.values();
      t.expect("matmul", y, e -> plus(0, x.values(), b, e % n, n, k, dtype));
    }
  }

  @Property(tries = 6)
  void largeBatches(@ForAll DType dtype, @ForAll boolean transposed) {
    Layout layout = transposed ? Layout.TRANSPOSED : Layout.DENSE;
    Layout[] layouts = {layout, layout, Layout.DENSE};
    check(dtype, Shape.of(5), 40, 33, 29, layouts, Sampler.NORMAL, 7);
  }

  @Property(tries = 60)
  void zeroTimesNanIsNan(
      @ForAll DType dtype,
      @ForAll("extents") int m,
      @ForAll("extents") int k,
      @ForAll("extents") int n,
      @ForAll long seed) {
    Layout[] layouts = {Layout.DENSE, Layout.DENSE, Layout.DENSE};
    Sampler sparse = r -> r.nextInt(k + 4) == 0 ? Sampler.TIES.next(r) : 0;
    check(dtype, Shape.of(), m, k, n, layouts, sparse, seed);
  }

  @Property(tries = 16)
  void large(@ForAll DType dtype, @ForAll boolean transposed, @ForAll @IntRange(max = 3) int form) {
    int[] extents = new int[][] {{129, 257, 65}, {513, 31, 130}, {7, 2053, 33}, {61, 300, 5}}[form];
    Layout layout = transposed ? Layout.TRANSPOSED : Layout.DENSE;
    Layout[] layouts = {layout, layout, Layout.DENSE};
    check(dtype, Shape.of(), extents[0], extents[1], extents[2], layouts, Sampler.NORMAL, form);
  }

  @Property(tries = 150)
  void linear(
      @ForAll DType dtype,
      @ForAll("extents") int m,
      @ForAll("extents") int k,
      @ForAll("extents") int n,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll boolean full,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(Shape.of(m, k), left, Sampler.NORMAL);
      Placement w = t.operand(Shape.of(k, n), right, Sampler.NORMAL);
      Placement bias = t.operand(full ? Shape.of(m, n) : Shape.of(n), left, Sampler.NORMAL);
      Placement y = t.result(Shape.of(m, n), out);
      t.kernels().matrix().linear(x.view(), w.view(), bias.view(), y.view());
      double[] a = x.values();
      double[] b = w.values();
      t.expect("linear", y, e -> plus(bias.value(full ? e : e % n), a, b, e, n, k, dtype));
    }
  }

  @Property(tries = 100)
  void linearOntoItsBias(
      @ForAll DType dtype,
      @ForAll("extents") int m,
      @ForAll("extents") int k,
      @ForAll("extents") int n,
      @ForAll("operands") Layout left,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(Shape.of(m, k), left, Sampler.NORMAL);
      Placement w = t.operand(Shape.of(k, n), right, Sampler.NORMAL);
      Placement y = t.inPlace(Shape.of(m, n), out, Sampler.NORMAL);
      t.kernels().matrix().linear(x.view(), w.view(), y.view(), y.view());
      double[] a = x.values();
      double[] b = w.values();
      t.expect("linear in place", y, e -> plus(y.value(e), a, b, e, n, k, dtype));
    }
  }

  private static Bounded plus(double c, double[] a, double[] b, int e, int n, int k, DType dtype) {
    Product p = new Product(a, e / n * k, b, e % n, n, k);
    return Bounded.within(
        p.sum.value().plus(c), Tolerances.innerProductPlus(k, p.magnitude + Math.abs(c), dtype));
  }

  private void check(
      DType dtype, Shape lead, int m, int k, int n, Layout[] layouts, Sampler sampler, long seed) {
    int r = lead.rank();
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(lead.inserted(r, m).inserted(r + 1, k), layouts[0], sampler);
      Placement w = t.operand(lead.inserted(r, k).inserted(r + 1, n), layouts[1], sampler);
      Placement y = t.result(lead.inserted(r, m).inserted(r + 1, n), layouts[2]);
      t.kernels().matrix().matmul(x.view(), w.view(), y.view());
      double[] a = x.values();
      double[] b = w.values();
      t.expect(
          "matmul",
          y,
          e -> {
            int batch = e / (m * n);
            int row = e / n % m;
            Product p = new Product(a, (batch * m + row) * k, b, batch * k * n + e % n, n, k);
            return Double.isFinite(p.plain)
                ? Bounded.within(p.sum.value(), Tolerances.innerProduct(k, p.magnitude, dtype))
                : Bounded.exactly(p.plain);
          });
    }
  }

  /** Exact inner product of a row and a column, and that of the magnitudes. */
  private static final class Product {
    private final DoubleDouble.Sum sum = new DoubleDouble.Sum();
    private double magnitude;
    private double plain;

    Product(double[] a, int row, double[] b, int column, int step, int k) {
      for (int i = 0; i < k; i++) {
        double p = a[row + i];
        double q = b[column + i * step];
        sum.addProduct(p, q);
        magnitude += Math.abs(p * q);
        plain += p * q;
      }
    }
  }
}
