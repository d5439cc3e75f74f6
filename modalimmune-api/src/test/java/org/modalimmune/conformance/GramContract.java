package org.modalimmune.conformance;

import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Products with a centred matrix: ragged sizes, tall and wide, every layout of z, blocks of 1 to 8
 * vectors, columns far from 0 and constant ones.
 */
public abstract class GramContract extends Contract {
  /** For subclasses. */
  protected GramContract() {}

  /** Rows and columns that no panel divides. */
  @Provide
  Arbitrary<Shape> matrices() {
    Arbitrary<Shape> small =
        Arbitraries.longs().between(1, 45).array(long[].class).ofSize(2).map(Shape::of);
    return Arbitraries.frequencyOf(
        Tuple.of(12, small),
        Tuple.of(
            1,
            Arbitraries.of(
                Shape.of(1, 1),
                Shape.of(2, 1),
                Shape.of(1, 9),
                Shape.of(133, 67),
                Shape.of(65, 130),
                Shape.of(1031, 3),
                Shape.of(3, 1031))));
  }

  /** Layouts of contiguous operands. */
  @Provide
  Arbitrary<Layout> dense() {
    return Arbitraries.of(Layout.DENSE, Layout.OFFSET);
  }

  @Property(tries = 200)
  void products(
      @ForAll DType dtype,
      @ForAll("matrices") Shape shape,
      @ForAll @IntRange(min = 1, max = GramKernels.LARGEST_BLOCK) int k,
      @ForAll("operands") Layout layout,
      @ForAll("dense") Layout other,
      @ForAll long seed) {
    check(dtype, shape, k, layout, other, seed);
  }

  @Property(tries = 6)
  void longSums(@ForAll DType dtype, @ForAll boolean tall) {
    check(dtype, tall ? Shape.of(9001, 5) : Shape.of(5, 9001), 3, Layout.DENSE, Layout.DENSE, 7);
  }

  private void check(DType dtype, Shape shape, int k, Layout layout, Layout other, long seed) {
    int rows = Math.toIntExact(shape.dim(0));
    int columns = Math.toIntExact(shape.dim(1));
    try (Trial t = trial(dtype, seed)) {
      Placement z = t.operand(shape, layout, centre(t.random()));
      Placement affine = affine(t, z, rows, columns, other, dtype);
      Placement v = t.operand(DType.FLOAT64, Shape.of(k, columns), other, Sampler.NORMAL);
      Placement u = t.operand(DType.FLOAT64, Shape.of(k, rows), other, Sampler.NORMAL);
      Placement av = t.result(DType.FLOAT64, Shape.of(k, rows), other);
      Placement ua = t.result(DType.FLOAT64, Shape.of(k, columns), other);
      Placement gram = t.result(DType.FLOAT64, Shape.of(k, columns), other);
      Placement rowGram = t.result(DType.FLOAT64, Shape.of(k, rows), other);
      GramKernels kernels = t.kernels().gram();
      kernels.multiply(z.view(), affine.view(), v.view(), av.view());
      kernels.multiplyTransposed(z.view(), affine.view(), u.view(), ua.view());
      kernels.gram(z.view(), affine.view(), v.view(), gram.view());
      kernels.rowGram(z.view(), affine.view(), u.view(), rowGram.view());
      GramOracle oracle = new GramOracle(z, affine, rows, columns, dtype);
      GramOracle.Image[][] expected = new GramOracle.Image[4][k];
      for (int b = 0; b < k; b++) {
        expected[0][b] = oracle.multiply(GramOracle.exact(v, b, columns));
        expected[1][b] = oracle.multiplyTransposed(GramOracle.exact(u, b, rows));
        expected[2][b] = oracle.multiplyTransposed(expected[0][b]);
        expected[3][b] = oracle.multiply(expected[1][b]);
      }
      t.expect("multiply", av, e -> expected[0][e / rows].at(e % rows));
      t.expect("multiplyTransposed", ua, e -> expected[1][e / columns].at(e % columns));
      t.expect("gram", gram, e -> expected[2][e / columns].at(e % columns));
      t.expect("rowGram", rowGram, e -> expected[3][e / rows].at(e % rows));
    }
  }

  @Property(tries = 150)
  void deflate(
      @ForAll DType dtype,
      @ForAll("matrices") Shape shape,
      @ForAll("operands") Layout layout,
      @ForAll("dense") Layout other,
      @ForAll long seed) {
    int rows = Math.toIntExact(shape.dim(0));
    int columns = Math.toIntExact(shape.dim(1));
    try (Trial t = trial(dtype, seed)) {
      Placement z = t.operand(shape, layout, centre(t.random()));
      Placement affine = affine(t, z, rows, columns, other, dtype);
      Placement v = t.operand(DType.FLOAT64, Shape.of(columns), other, Sampler.NORMAL);
      Placement weight = t.operand(Shape.of(), Layout.DENSE, Sampler.NORMAL);
      Placement y = t.result(shape, other);
      double share = t.random().nextInt(4) == 0 ? 0 : 10 * t.random().nextDouble();
      double factor = Math.scalb(t.random().nextGaussian(), t.random().nextInt(-20, 20));
      t.kernels()
          .gram()
          .deflate(z.view(), affine.view(), v.view(), share, factor, weight.view(), y.view());
      GramOracle oracle = new GramOracle(z, affine, rows, columns, dtype);
      GramOracle.Image direction = GramOracle.exact(v, 0, columns);
      GramOracle.Image along = oracle.multiply(direction);
      double scale = factor * weight.value(0);
      t.expect("deflate", y, e -> oracle.deflated(e, direction, along, share, scale));
    }
  }

  @Property(tries = 150)
  void columnMoments(
      @ForAll DType dtype,
      @ForAll("matrices") Shape shape,
      @ForAll("operands") Layout layout,
      @ForAll("operands") Layout pivotLayout,
      @ForAll long seed) {
    moments(dtype, shape, layout, pivotLayout, seed);
  }

  @Property(tries = 4)
  void momentsOfManyRows(@ForAll DType dtype, @ForAll boolean narrow) {
    moments(dtype, Shape.of(20_011, narrow ? 1 : 7), Layout.DENSE, Layout.DENSE, 5);
  }

  private void moments(DType dtype, Shape shape, Layout layout, Layout pivotLayout, long seed) {
    int rows = Math.toIntExact(shape.dim(0));
    int columns = Math.toIntExact(shape.dim(1));
    try (Trial t = trial(dtype, seed)) {
      double centre = Math.scalb(t.random().nextGaussian(), t.random().nextInt(12));
      boolean exceptional = t.random().nextInt(5) == 0;
      Sampler sampler =
          r ->
              exceptional && r.nextInt(rows) == 0
                  ? Sampler.TIES.next(r)
                  : centre + r.nextGaussian();
      Placement z = t.operand(shape, layout, sampler);
      Placement pivot =
          t.operand(Shape.of(columns), pivotLayout, r -> centre + 0.1 * r.nextGaussian());
      Placement y = t.result(DType.FLOAT64, Shape.of(4, columns), Layout.OFFSET);
      t.kernels().gram().columnMoments(z.view(), pivot.view(), y.view());
      t.expect("columnMoments", y, e -> moment(e / columns, z, rows, e % columns, columns, pivot));
    }
  }

  private static Bounded moment(
      int which, Placement z, int rows, int column, int columns, Placement pivot) {
    DType dtype = z.view().dtype();
    DoubleDouble.Sum sum = new DoubleDouble.Sum();
    double magnitude = 0;
    double plain = 0;
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows; i++) {
      double x = z.value(i * columns + column);
      DoubleDouble difference = DoubleDouble.of(x).plus(-pivot.value(column));
      DoubleDouble term = which == 0 ? difference : difference.times(difference);
      double rounded = x - pivot.value(column);
      plain += which == 0 ? rounded : rounded * rounded;
      magnitude += Math.abs(term.hi());
      sum.add(term);
      least = Math.min(least, x);
      largest = Math.max(largest, x);
    }
    if (which > 1) {
      return Bounded.exactly(which == 2 ? least : largest);
    }
    return Double.isFinite(plain)
        ? Bounded.within(sum.value(), Tolerances.columnMoment(rows, which == 1, magnitude, dtype))
        : Bounded.exactly(plain);
  }

  private static Sampler centre(SplittableRandom random) {
    double centre = random.nextBoolean() ? 0 : Math.scalb(random.nextGaussian(), 6);
    return r -> centre + r.nextGaussian();
  }

  /** Centres each column about its own mean; some are scaled by 0, some matrices far apart. */
  private static Placement affine(
      Trial t, Placement z, int rows, int columns, Layout layout, DType dtype) {
    double[] elements = new double[3 * columns];
    // now and then columns of which no common scale serves
    int spread = t.random().nextInt(6) == 0 ? 20 : 3;
    for (int j = 0; j < columns; j++) {
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        mean += z.value(i * columns + j) / rows;
      }
      double scale =
          t.random().nextInt(6) == 0 ? 0 : Math.scalb(1.0, t.random().nextInt(-spread, spread));
      elements[j] = scale;
      elements[columns + j] = Placement.round(dtype, -mean * scale);
      elements[2 * columns + j] =
          dtype == DType.FLOAT32
              ? -mean * scale - elements[columns + j]
              : scale * mean * t.random().nextDouble() * 0x1p-53;
    }
    return t.operand(Shape.of(3, columns), layout, elements);
  }
}
