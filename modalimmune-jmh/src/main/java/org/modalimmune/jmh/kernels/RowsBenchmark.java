package org.modalimmune.jmh.kernels;

import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
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
import org.openjdk.jmh.infra.Blackhole;

/** Normalisations of rows: kernels alone, and with the gradient through a tape. */
public class RowsBenchmark extends BackendBenchmark {
  private static final double EPSILON = 1e-5;

  /** Rows x columns. */
  @Param("4096x1024")
  public String size;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private Tensor x;
  private Tensor cotangent;
  private Tensor out;
  private Tensor reciprocalStd;

  @Override
  protected void prepare() {
    int[] s = Sizes.parse(size, "x", 2);
    Shape shape = Shape.of(s[0], s[1]);
    Draws draws = new Draws(11);
    double[] values = draws.normal(s[0] * s[1]);
    double[] pulled = draws.normal(s[0] * s[1]);
    x = scope().of(dtype, shape, values);
    cotangent = scope().of(dtype, shape, pulled);
    out = scope().allocate(dtype, shape);
    reciprocalStd = scope().allocate(dtype, Shape.of(s[0], 1));
    // both have condition numbers near 1 on such rows; the mean of s[1] terms is the longest sum
    double tolerance = (16 + Math.sqrt(s[1])) * dtype.unitRoundoff();
    softmax();
    Agreement.elementwise(
        "softmax",
        out.toDoubleArray(),
        Reference.compute(
            ops -> ops.softmax(ops.scope().of(DType.FLOAT64, shape, values)).toDoubleArray()),
        tolerance);
    logSoftmax();
    Agreement.elementwise(
        "logSoftmax",
        out.toDoubleArray(),
        Reference.compute(
            ops -> ops.logSoftmax(ops.scope().of(DType.FLOAT64, shape, values)).toDoubleArray()),
        tolerance);
    layerNorm();
    Agreement.elementwise(
        "layerNorm",
        out.toDoubleArray(),
        Reference.compute(
            ops ->
                ops.layerNorm(ops.scope().of(DType.FLOAT64, shape, values), EPSILON)
                    .normalized()
                    .toDoubleArray()),
        tolerance);
    for (Operation operation : Operation.values()) {
      double[] expected =
          Reference.compute(
              ops -> {
                try (Tape tape = new Tape(ops.backend())) {
                  return gradient(
                          operation,
                          tape.leaf(ops.scope().of(DType.FLOAT64, shape, values)),
                          ops.scope().of(DType.FLOAT64, shape, pulled))
                      .toDoubleArray();
                }
              });
      try (Tape tape = new Tape(backend())) {
        Agreement.elementwise(
            operation + ", gradient",
            gradient(operation, tape.leaf(x), cotangent).toDoubleArray(),
            expected,
            tolerance);
      }
    }
  }

  /** Softmax of each row. */
  @Benchmark
  public Tensor softmax() {
    backend().kernels().normalization().softmax(x, out);
    return out;
  }

  /** Logarithm of the softmax of each row. */
  @Benchmark
  public Tensor logSoftmax() {
    backend().kernels().normalization().logSoftmax(x, out);
    return out;
  }

  /** Layer normalisation of each row. */
  @Benchmark
  public Tensor layerNorm() {
    backend().kernels().normalization().layerNorm(x, EPSILON, out, reciprocalStd);
    return out;
  }

  /** Softmax and its gradient. */
  @Benchmark
  public void softmaxGradient(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(gradient(Operation.SOFTMAX, tape.leaf(x), cotangent));
    }
  }

  /** Layer normalisation and its gradient. */
  @Benchmark
  public void layerNormGradient(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(gradient(Operation.LAYER_NORM, tape.leaf(x), cotangent));
    }
  }

  private static Tensor gradient(Operation operation, Variable x, Tensor cotangent) {
    Variable y =
        switch (operation) {
          case SOFTMAX -> Normalization.softmax(x);
          case LAYER_NORM -> Normalization.layerNorm(x, EPSILON);
        };
    return Gradients.vjp(y, x.tape().constant(cotangent), List.of(x)).getFirst().tensor();
  }

  private enum Operation {
    SOFTMAX,
    LAYER_NORM
  }
}
