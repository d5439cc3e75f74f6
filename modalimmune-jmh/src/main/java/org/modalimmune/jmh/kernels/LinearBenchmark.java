package org.modalimmune.jmh.kernels;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.jmh.setup.Reference;
import org.modalimmune.jmh.setup.Sizes;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A linear layer with its bias: fused, and as the two kernels it replaces. */
public class LinearBenchmark extends BackendBenchmark {
  /** Rows x input columns x output columns. */
  @Param({"256x300x256", "128x195x128"})
  public String layer;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private Tensor x;
  private Tensor w;
  private Tensor bias;
  private Tensor wide;
  private Tensor out;

  @Override
  protected void prepare() {
    int[] s = Sizes.parse(layer, "x", 3);
    Draws draws = new Draws(13);
    double[] inputs = draws.normal(s[0] * s[1]);
    double[] weights = draws.normal(s[1] * s[2]);
    double[] biases = draws.normal(s[2]);
    Shape of = Shape.of(s[0], s[2]);
    x = scope().of(dtype, Shape.of(s[0], s[1]), inputs);
    w = scope().of(dtype, Shape.of(s[1], s[2]), weights);
    bias = scope().of(dtype, Shape.of(s[2]), biases);
    wide = bias.expand(of);
    out = scope().allocate(dtype, of);
    double[] expected =
        Reference.compute(
            ops ->
                ops.linear(
                        ops.scope().of(DType.FLOAT64, Shape.of(s[0], s[1]), inputs),
                        ops.scope().of(DType.FLOAT64, Shape.of(s[1], s[2]), weights),
                        ops.scope().of(DType.FLOAT64, Shape.of(s[2]), biases))
                    .toDoubleArray());
    double tolerance = (s[1] + 1) * dtype.unitRoundoff();
    fused();
    Agreement.elementwise("linear", out.toDoubleArray(), expected, tolerance);
    separate();
    Agreement.elementwise("matmul and add", out.toDoubleArray(), expected, tolerance);
  }

  /** x w + bias in one kernel. */
  @Benchmark
  public Tensor fused() {
    backend().kernels().matrix().linear(x, w, bias, out);
    return out;
  }

  /** x w, then + bias. */
  @Benchmark
  public Tensor separate() {
    backend().kernels().matrix().matmul(x, w, out);
    backend().kernels().elementwise().binary(BinaryOp.ADD, out, wide, out);
    return out;
  }
}
