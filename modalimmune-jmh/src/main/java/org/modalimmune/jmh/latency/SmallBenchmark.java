package org.modalimmune.jmh.latency;

import java.util.concurrent.TimeUnit;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.jmh.setup.Reference;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Checked operations on tensors so small that what surrounds the arithmetic is all of the time: a
 * scope, checks, memory for the result, the kernel, and the memory given back.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmallBenchmark extends BackendBenchmark {
  /** Operation and operands. */
  @Param public Operation operation;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private Operands operands;

  @Override
  protected void prepare() {
    operands = new Operands(scope(), dtype);
    double[] got;
    try (Scope results = backend().newScope()) {
      got = operation.on(backend().ops(results), operands).toDoubleArray();
    }
    double[] expected =
        Reference.compute(
            ops -> operation.on(ops, new Operands(ops.scope(), DType.FLOAT64)).toDoubleArray());
    Agreement.elementwise(operation.toString(), got, expected, 64 * dtype.unitRoundoff());
  }

  /** The operation once. */
  @Benchmark
  public Tensor once() {
    try (Scope results = backend().newScope()) {
      return operation.on(backend().ops(results), operands);
    }
  }

  /** What the operations take. */
  static final class Operands {
    private final Tensor scalar;
    private final Tensor eight;
    private final Tensor odd;
    private final Tensor other;
    private final Tensor row;

    Operands(Scope scope, DType dtype) {
      Draws draws = new Draws(14);
      scalar = scope.of(dtype, Shape.of(), draws.normal(1));
      eight = scope.of(dtype, Shape.of(8, 8), draws.normal(64));
      odd = scope.of(dtype, Shape.of(17, 31), draws.normal(17 * 31));
      other = scope.of(dtype, Shape.of(31, 17), draws.normal(31 * 17));
      row = scope.of(dtype, Shape.of(31), draws.normal(31));
    }
  }

  /** What is timed. */
  public enum Operation {
    /** Two scalars. */
    SCALAR_ADD {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.binary(BinaryOp.ADD, o.scalar, o.scalar);
      }
    },
    /** Two matrices [8, 8]. */
    TINY_ADD {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.binary(BinaryOp.ADD, o.eight, o.eight);
      }
    },
    /** [8, 8] times [8, 8]. */
    TINY_MATMUL {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.matmul(o.eight, o.eight);
      }
    },
    /** Softmax of 8 rows of 8. */
    TINY_SOFTMAX {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.softmax(o.eight);
      }
    },
    /** [17, 31] times [31, 17]: no size a multiple of anything. */
    ODD_MATMUL {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.matmul(o.odd, o.other);
      }
    },
    /** Sum of 527 elements. */
    ODD_SUM {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.sum(o.odd);
      }
    },
    /** A matrix and a transposed view. */
    VIEW_ADD {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.binary(BinaryOp.ADD, o.odd, o.other.transpose(0, 1));
      }
    },
    /** A matrix and a row stretched over it. */
    BROADCAST_ADD {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.binary(BinaryOp.ADD, o.odd, o.row);
      }
    },
    /** Contiguous copy of a slice of columns. */
    SLICE_COPY {
      @Override
      Tensor on(Ops ops, Operands o) {
        return ops.copy(o.odd.slice(1, 3, 20));
      }
    };

    abstract Tensor on(Ops ops, Operands operands);
  }
}
