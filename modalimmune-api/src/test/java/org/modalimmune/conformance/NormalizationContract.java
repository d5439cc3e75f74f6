package org.modalimmune.conformance;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Row-wise normalisations: values, exceptional rows, large offsets. */
public abstract class NormalizationContract extends Contract {
  private static final Sampler SPREAD = r -> 10 * r.nextGaussian();

  /** Mostly numbers, some infinities and NaN. */
  private static final Sampler EXCEPTIONAL =
      r ->
          switch (r.nextInt(12)) {
            case 0 -> Double.NEGATIVE_INFINITY;
            case 1 -> r.nextInt(4) == 0 ? Double.POSITIVE_INFINITY : 80;
            case 2 -> r.nextInt(4) == 0 ? Double.NaN : -800;
            default -> r.nextGaussian();
          };

  /** For subclasses. */
  protected NormalizationContract() {}

  @Property(tries = 200)
  void softmax(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, in, t.random().nextBoolean() ? SPREAD : EXCEPTIONAL);
      Placement y = t.result(shape, out);
      t.kernels().normalization().softmax(x.view(), y.view());
      SoftmaxOracle oracle = new SoftmaxOracle(x.values(), shape.dim(-1), dtype);
      t.expect("softmax", y, oracle::softmax);
    }
  }

  @Property(tries = 200)
  void logSoftmax(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, in, t.random().nextBoolean() ? SPREAD : EXCEPTIONAL);
      Placement y = t.result(shape, out);
      t.kernels().normalization().logSoftmax(x.view(), y.view());
      SoftmaxOracle oracle = new SoftmaxOracle(x.values(), shape.dim(-1), dtype);
      t.expect("logSoftmax", y, oracle::logSoftmax);
    }
  }

  /** Longer than any piece that a kernel adds up at once, and no multiple of one. */
  @Property(tries = 4)
  void softmaxOfLongRows(@ForAll DType dtype, @ForAll boolean strided, @ForAll long seed) {
    Shape shape = Shape.of(3, 5203);
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, strided ? Layout.STRIDED : Layout.DENSE, SPREAD);
      Placement y = t.result(shape, Layout.DENSE);
      Placement z = t.result(shape, Layout.DENSE);
      t.kernels().normalization().softmax(x.view(), y.view());
      t.kernels().normalization().logSoftmax(x.view(), z.view());
      SoftmaxOracle oracle = new SoftmaxOracle(x.values(), shape.dim(-1), dtype);
      t.expect("softmax", y, oracle::softmax);
      t.expect("logSoftmax", z, oracle::logSoftmax);
    }
  }

  @Property(tries = 40)
  void rowsOfMinusInfinityBecomeNan(
      @ForAll DType dtype, @ForAll("rows") Shape shape, @ForAll("results") Layout out) {
    try (Trial t = trial(dtype, 0)) {
      Placement x = t.operand(shape, Layout.DENSE, r -> Double.NEGATIVE_INFINITY);
      Placement y = t.result(shape, out);
      Placement z = t.result(shape, out);
      t.kernels().normalization().softmax(x.view(), y.view());
      t.kernels().normalization().logSoftmax(x.view(), z.view());
      t.expect("softmax of -infinity", y, i -> Bounded.exactly(Double.NaN));
      t.expect("logSoftmax of -infinity", z, i -> Bounded.exactly(Double.NaN));
    }
  }

  @Property(tries = 40)
  void softmaxDoesNotOverflow(@ForAll DType dtype, @ForAll("rows") Shape shape) {
    try (Trial t = trial(dtype, 0)) {
      Placement x = t.operand(shape, Layout.DENSE, r -> 3e38);
      Placement y = t.result(shape, Layout.DENSE);
      t.kernels().normalization().softmax(x.view(), y.view());
      SoftmaxOracle oracle = new SoftmaxOracle(x.values(), shape.dim(-1), dtype);
      t.expect("softmax of huge numbers", y, oracle::softmax);
    }
  }

  @Property(tries = 200)
  void layerNorm(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      // a mean far from 0 shows a variance taken as a difference of squares
      double offset = t.random().nextInt(2) * 1000;
      double spread = Math.scalb(1.0, -t.random().nextInt(8));
      Placement x = t.operand(shape, in, r -> offset + spread * r.nextGaussian());
      double epsilon = t.random().nextBoolean() ? 1e-5 : 1e-12;
      checkLayerNorm(t, x, epsilon, out, dtype);
    }
  }

  @Property(tries = 40)
  void layerNormOfRowsThatAreNotFinite(
      @ForAll DType dtype, @ForAll("rows") Shape shape, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, Layout.DENSE, EXCEPTIONAL);
      checkLayerNorm(t, x, 1e-5, Layout.DENSE, dtype);
    }
  }

  private static void checkLayerNorm(
      Trial t, Placement x, double epsilon, Layout out, DType dtype) {
    Shape shape = x.view().shape();
    Placement y = t.result(shape, out);
    Placement scale = t.result(shape.with(-1, 1), out);
    t.kernels().normalization().layerNorm(x.view(), epsilon, y.view(), scale.view());
    LayerNormOracle oracle = new LayerNormOracle(x.values(), shape.dim(-1), epsilon, dtype);
    t.expect("layerNorm epsilon " + epsilon, y, oracle::normalized);
    t.expect("layerNorm reciprocalStd, epsilon " + epsilon, scale, oracle::reciprocalStd);
  }
}
