package org.modalimmune.conformance;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.backend.kernel.NormalizationKernels;
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

  @Property(tries = 100)
  void softmaxPullbacks(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      boolean some = t.random().nextInt(4) == 0;
      checkSoftmaxPullbacks(
          t, shape, in, out, dtype, r -> some && r.nextInt(9) == 0 ? Double.NaN : r.nextGaussian());
    }
  }

  /** Longer than any piece that a kernel adds up at once, and no multiple of one. */
  @Property(tries = 4)
  void softmaxPullbacksOfManyRowsAndOfLongOnes(@ForAll DType dtype, @ForAll long seed) {
    for (Shape shape : List.of(Shape.of(2111, 5), Shape.of(3, 5203))) {
      try (Trial t = trial(dtype, seed)) {
        checkSoftmaxPullbacks(t, shape, Layout.DENSE, Layout.DENSE, dtype, Sampler.NORMAL);
      }
    }
  }

  private static void checkSoftmaxPullbacks(
      Trial t, Shape shape, Layout in, Layout out, DType dtype, Sampler cotangents) {
    Placement y = t.operand(shape, in, r -> r.nextInt(20) == 0 ? 0 : r.nextDouble());
    // down to where exp(y) is subnormal, and past it
    Placement logY =
        t.operand(
            shape,
            in,
            r -> r.nextInt(20) == 0 ? Double.NEGATIVE_INFINITY : -30 * Math.abs(r.nextGaussian()));
    Placement g = t.operand(shape, in, cotangents);
    Placement pulled = t.result(shape, out);
    Placement logPulled = t.result(shape, out);
    NormalizationKernels kernels = t.kernels().normalization();
    kernels.softmaxPullback(y.view(), g.view(), pulled.view());
    kernels.logSoftmaxPullback(logY.view(), g.view(), logPulled.view());
    long n = shape.dim(-1);
    t.expect(
        "softmaxPullback",
        pulled,
        new SoftmaxPullbackOracle(y.values(), g.values(), n, dtype)::softmax);
    t.expect(
        "logSoftmaxPullback",
        logPulled,
        new SoftmaxPullbackOracle(logY.values(), g.values(), n, dtype)::logSoftmax);
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

  @Property(tries = 100)
  void scaledLayerNorm(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement x = t.operand(shape, in, r -> 3 + r.nextGaussian());
      Shape row = Shape.of(shape.dim(-1));
      Placement gain = t.operand(row, in, Sampler.NORMAL);
      Placement bias = t.operand(row, in, Sampler.NORMAL);
      Placement y = t.result(shape, out);
      Placement scale = t.result(shape.with(-1, 1), Layout.DENSE);
      Placement z = t.result(shape, out);
      t.kernels()
          .normalization()
          .scaledLayerNorm(
              x.view(), gain.view(), bias.view(), 1e-5, y.view(), scale.view(), z.view());
      LayerNormOracle oracle = new LayerNormOracle(x.values(), shape.dim(-1), 1e-5, dtype);
      t.expect("scaledLayerNorm, normalized", y, oracle::normalized);
      t.expect("scaledLayerNorm, reciprocalStd", scale, oracle::reciprocalStd);
      t.expect("scaledLayerNorm", z, i -> oracle.scaled(i, gain.values(), bias.values()));
    }
  }

  @Property(tries = 100)
  void layerNormPullback(
      @ForAll DType dtype,
      @ForAll("rows") Shape shape,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      checkPullback(t, shape, in, out, dtype, Sampler.NORMAL);
    }
  }

  /** Longer than any piece that a kernel adds up at once, and no multiple of one. */
  @Property(tries = 4)
  void layerNormPullbackOfManyRowsAndOfLongOnes(@ForAll DType dtype, @ForAll long seed) {
    for (Shape shape : List.of(Shape.of(2111, 5), Shape.of(67, 1031), Shape.of(2, 5003))) {
      try (Trial t = trial(dtype, seed)) {
        checkPullback(t, shape, Layout.DENSE, Layout.DENSE, dtype, Sampler.NORMAL);
      }
    }
  }

  @Property(tries = 20)
  void layerNormPullbackKeepsNan(
      @ForAll DType dtype, @ForAll("rows") Shape shape, @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Sampler some = r -> r.nextInt(9) == 0 ? Double.NaN : r.nextGaussian();
      checkPullback(t, shape, Layout.DENSE, Layout.DENSE, dtype, some);
    }
  }

  private static void checkPullback(
      Trial t, Shape shape, Layout in, Layout out, DType dtype, Sampler cotangents) {
    Shape row = Shape.of(shape.dim(-1));
    Placement y = t.operand(shape, in, Sampler.NORMAL);
    Placement scale = t.operand(shape.with(-1, 1), in, r -> 0.5 + r.nextDouble());
    Placement gain = t.operand(row, in, Sampler.NORMAL);
    Placement g = t.operand(shape, in, cotangents);
    Placement plain = t.result(shape, out);
    Placement scaled = t.result(shape, out);
    Placement gainOut = t.result(row, out);
    Placement biasOut = t.result(row, out);
    NormalizationKernels kernels = t.kernels().normalization();
    kernels.layerNormPullback(y.view(), scale.view(), g.view(), plain.view());
    kernels.scaledLayerNormPullback(
        y.view(),
        scale.view(),
        gain.view(),
        g.view(),
        scaled.view(),
        gainOut.view(),
        biasOut.view());
    double[] ones = new double[Math.toIntExact(shape.dim(-1))];
    Arrays.fill(ones, 1);
    t.expect(
        "layerNormPullback",
        plain,
        new LayerNormPullbackOracle(y.values(), scale.values(), ones, g.values(), dtype)::row);
    LayerNormPullbackOracle oracle =
        new LayerNormPullbackOracle(y.values(), scale.values(), gain.values(), g.values(), dtype);
    t.expect("scaledLayerNormPullback", scaled, oracle::row);
    t.expect("scaledLayerNormPullback, gain", gainOut, oracle::gain);
    t.expect("scaledLayerNormPullback, bias", biasOut, oracle::bias);
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
