package org.modalimmune.jmh.kernels;

import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.jmh.setup.Reference;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Functions of one operand, into a tensor that is there. */
public class ElementwiseBenchmark extends BackendBenchmark {
  /** Elements. */
  @Param("1048576")
  public int elements;

  /** Function. */
  @Param({"EXP", "TANH", "SIGMOID", "SOFTPLUS", "ERF", "LOG1P", "GELU", "GELU_DERIVATIVE"})
  public UnaryOp op;

  /** Element type. */
  @Param({"FLOAT32", "FLOAT64"})
  public DType dtype;

  private Tensor x;
  private Tensor out;

  @Override
  protected void prepare() {
    double[] values = new Draws(10).normal(elements);
    if (op == UnaryOp.LOG || op == UnaryOp.LOG1P) {
      // their domain
      for (int i = 0; i < elements; i++) {
        values[i] = Math.abs(values[i]);
      }
    }
    Shape shape = Shape.of(elements);
    x = scope().of(dtype, shape, values);
    out = scope().allocate(dtype, shape);
    unary();
    double[] expected =
        Reference.compute(
            ops -> ops.unary(op, ops.scope().of(DType.FLOAT64, shape, values)).toDoubleArray());
    Agreement.elementwise(op.toString(), out.toDoubleArray(), expected, 8 * dtype.unitRoundoff());
  }

  /** out = op(x). */
  @Benchmark
  public Tensor unary() {
    backend().kernels().elementwise().unary(op, x, out);
    return out;
  }
}
