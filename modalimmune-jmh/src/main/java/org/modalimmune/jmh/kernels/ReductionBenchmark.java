package org.modalimmune.jmh.kernels;

import org.modalimmune.backend.kernel.ReduceOp;
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

/** Reductions over all elements, over rows and over columns, into a tensor that is there. */
public class ReductionBenchmark extends BackendBenchmark {
  /** Rows x columns. */
  @Param("4096x1024")
  public String size;

  /** Element type. */
  @Param({"FLOAT32", "FLOAT64"})
  public DType dtype;

  private Tensor x;
  private Tensor all;
  private Tensor scalar;
  private Tensor perRow;
  private Tensor perColumn;

  @Override
  protected void prepare() {
    int[] s = Sizes.parse(size, "x", 2);
    Shape shape = Shape.of(s[0], s[1]);
    double[] values = new Draws(12).normal(s[0] * s[1]);
    // the sums of positive terms have condition number 1
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    x = scope().of(dtype, shape, values);
    all = scope().allocate(dtype, Shape.of(1, 1));
    scalar = scope().allocate(dtype, Shape.of());
    perRow = scope().allocate(dtype, Shape.of(s[0], 1));
    perColumn = scope().allocate(dtype, Shape.of(1, s[1]));
    check("sum", sum(), ReduceOp.SUM, values, shape);
    check("sum of rows", sumRows(), ReduceOp.SUM, values, shape);
    check("sum of columns", sumColumns(), ReduceOp.SUM, values, shape);
    check("maximum of rows", maxRows(), ReduceOp.MAX, values, shape);
    Agreement.elementwise(
        "dot",
        dot().toDoubleArray(),
        Reference.compute(
            ops -> {
              Tensor wide = ops.scope().of(DType.FLOAT64, shape, values);
              return ops.dot(wide, wide).toDoubleArray();
            }),
        64 * dtype.unitRoundoff());
  }

  private void check(String what, Tensor got, ReduceOp op, double[] values, Shape shape) {
    Agreement.elementwise(
        what,
        got.toDoubleArray(),
        Reference.compute(
            ops ->
                ops.reduceTo(op, ops.scope().of(DType.FLOAT64, shape, values), got.shape())
                    .toDoubleArray()),
        64 * dtype.unitRoundoff());
  }

  /** Sum of all elements. */
  @Benchmark
  public Tensor sum() {
    backend().kernels().reduction().reduce(ReduceOp.SUM, x, all);
    return all;
  }

  /** Sum of each row. */
  @Benchmark
  public Tensor sumRows() {
    backend().kernels().reduction().reduce(ReduceOp.SUM, x, perRow);
    return perRow;
  }

  /** Sum of each column. */
  @Benchmark
  public Tensor sumColumns() {
    backend().kernels().reduction().reduce(ReduceOp.SUM, x, perColumn);
    return perColumn;
  }

  /** Largest element of each row. */
  @Benchmark
  public Tensor maxRows() {
    backend().kernels().reduction().reduce(ReduceOp.MAX, x, perRow);
    return perRow;
  }

  /** Inner product with itself. */
  @Benchmark
  public Tensor dot() {
    backend().kernels().reduction().dot(x, x, scalar);
    return scalar;
  }
}
