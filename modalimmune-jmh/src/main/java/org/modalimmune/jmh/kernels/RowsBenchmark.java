package org.modalimmune.jmh.kernels;

import java.util.ArrayList;
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
import org.modalimmune.tensor.Scope;
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
  private Tensor gain;
  private Tensor bias;
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
    double[] factors = draws.normal(s[1]);
    double[] shifts = draws.normal(s[1]);
    gain = scope().of(dtype, Shape.of(s[1]), factors);
    bias = scope().of(dtype, Shape.of(s[1]), shifts);
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
    scaledLayerNorm(values, factors, shifts, pulled);
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

  private void scaledLayerNorm(
      double[] values, double[] factors, double[] shifts, double[] pulled) {
    Shape shape = x.shape();
    Shape row = gain.shape();
    List<double[]> expected =
        Reference.compute(
            ops -> {
              Scope s = ops.scope();
              try (Tape tape = new Tape(ops.backend())) {
                return scaledGradient(
                        tape,
                        s.of(DType.FLOAT64, shape, values),
                        s.of(DType.FLOAT64, row, factors),
                        s.of(DType.FLOAT64, row, shifts),
                        s.of(DType.FLOAT64, shape, pulled))
                    .stream()
                    .map(Tensor::toDoubleArray)
                    .toList();
              }
            });
    // columns' sums of terms of either sign: their condition number is about the root of the rows
    double tolerance =
        (16 + Math.sqrt((double) shape.dim(0)) + Math.sqrt((double) shape.dim(1)))
            * dtype.unitRoundoff();
    try (Tape tape = new Tape(backend())) {
      List<Tensor> actual = scaledGradient(tape, x, gain, bias, cotangent);
      for (int i = 0; i < actual.size(); i++) {
        Agreement.elementwise(
            "layer normalisation with gain and bias, result " + i,
            actual.get(i).toDoubleArray(),
            expected.get(i),
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

  /** Layer normalisation with gain and bias, and the gradients of all three. */
  @Benchmark
  public void scaledLayerNormGradient(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(scaledGradient(tape, x, gain, bias, cotangent));
    }
  }

  private static List<Tensor> scaledGradient(
      Tape tape, Tensor x, Tensor gain, Tensor bias, Tensor cotangent) {
    List<Variable> operands = List.of(tape.leaf(x), tape.leaf(gain), tape.leaf(bias));
    Variable y =
        Normalization.layerNorm(operands.get(0), operands.get(1), operands.get(2), EPSILON);
    List<Tensor> results = new ArrayList<>();
    results.add(y.tensor());
    for (Variable g : Gradients.vjp(y, tape.constant(cotangent), operands)) {
      results.add(g.tensor());
    }
    return results;
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
