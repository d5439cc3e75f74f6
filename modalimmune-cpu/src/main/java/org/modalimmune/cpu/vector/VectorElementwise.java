package org.modalimmune.cpu.vector;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Element-wise kernels on blocks; small dense tensors take a path without a plan. */
final class VectorElementwise implements ElementwiseKernels {
  private static final int SMALL = 4096;
  private static final int CHEAP = 2;
  private static final int SERIES = 60;
  private static final int FLOAT_SERIES = 16;

  private final ElementBlocks floats = new FloatBlocks();
  private final ElementBlocks doubles = new DoubleBlocks();
  private final BlockLoop loop;
  private final ElementwiseKernels base;

  VectorElementwise(HostAllocator allocator, WorkerPool workers, ElementwiseKernels base) {
    this.loop = new BlockLoop(allocator, workers);
    this.base = base;
  }

  @Override
  public void unary(UnaryOp op, Tensor x, Tensor out) {
    ElementBlocks blocks = blocks(x);
    loop.run(
        blocks,
        cost(op, x.dtype()),
        (s, at, n, wide) -> blocks.unary(op, s[0], at[0], s[1], at[1], n, wide),
        x,
        out);
  }

  @Override
  public void geluWithDerivative(Tensor x, Tensor out, Tensor derivative) {
    if (x.dtype() != DType.FLOAT32 || !out.isContiguous() || !derivative.isContiguous()) {
      ElementwiseKernels.super.geluWithDerivative(x, out, derivative);
      return;
    }
    loop.run(
        floats,
        cost(UnaryOp.GELU, x.dtype()),
        (s, at, n, wide) ->
            FloatFunctions.geluWithDerivative(
                s[0], at[0] * 4, s[1], at[1] * 4, s[2], at[2] * 4, n, wide),
        x,
        derivative,
        out);
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    ElementBlocks blocks = blocks(a);
    long n = out.elements();
    if (n <= SMALL && a.isContiguous() && b.isContiguous() && out.isContiguous()) {
      blocks.binary(
          op,
          HostStorage.segmentOf(a),
          a.offset(),
          HostStorage.segmentOf(b),
          b.offset(),
          HostStorage.segmentOf(out),
          out.offset(),
          (int) n);
      return;
    }
    loop.run(
        blocks,
        CHEAP,
        (s, at, count, wide) -> blocks.binary(op, s[0], at[0], s[1], at[1], s[2], at[2], count),
        a,
        b,
        out);
  }

  @Override
  public void multiplyAdd(Tensor a, Tensor b, Tensor c, Tensor out) {
    boolean narrow = a.dtype() == DType.FLOAT32;
    loop.run(
        blocks(a),
        CHEAP,
        (s, at, n, wide) -> {
          if (narrow) {
            FloatMultiplyAdd.run(
                s[0], at[0] * 4, s[1], at[1] * 4, s[2], at[2] * 4, s[3], at[3] * 4, n);
          } else {
            DoubleMultiplyAdd.run(
                s[0], at[0] * 8, s[1], at[1] * 8, s[2], at[2] * 8, s[3], at[3] * 8, n);
          }
        },
        a,
        b,
        c,
        out);
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor out) {
    ElementBlocks blocks = blocks(a);
    loop.run(
        blocks,
        CHEAP,
        (s, at, n, wide) -> blocks.select(s[0], at[0], s[1], at[1], s[2], at[2], s[3], at[3], n),
        condition,
        a,
        b,
        out);
  }

  @Override
  public void affine(Tensor x, double scale, double shift, Tensor out) {
    ElementBlocks blocks = blocks(x);
    loop.run(
        blocks,
        CHEAP,
        (s, at, n, wide) -> blocks.affine(s[0], at[0], scale, shift, s[1], at[1], n),
        x,
        out);
  }

  @Override
  public void clamp(Tensor x, double low, double high, Tensor out) {
    ElementBlocks blocks = blocks(x);
    loop.run(
        blocks,
        CHEAP,
        (s, at, n, wide) -> blocks.clamp(s[0], at[0], low, high, s[1], at[1], n),
        x,
        out);
  }

  @Override
  public void axpy(double alpha, Tensor x, Tensor y) {
    ElementBlocks blocks = blocks(x);
    if (!inPlace(y)) {
      base.axpy(alpha, x, y);
      return;
    }
    loop.run(
        blocks, CHEAP, (s, at, n, wide) -> blocks.axpy(alpha, s[0], at[0], s[1], at[1], n), x, y);
  }

  @Override
  public void fill(double value, Tensor out) {
    ElementBlocks blocks = blocks(out);
    loop.run(blocks, CHEAP, (s, at, n, wide) -> blocks.fill(value, s[0], at[0], n), out);
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    if (x.dtype() != out.dtype()) {
      convert(x, out);
      return;
    }
    ElementBlocks blocks = blocks(x);
    loop.run(
        blocks, CHEAP, (s, at, n, wide) -> blocks.copy(s[0], at[0], 1, s[1], at[1], 1, n), x, out);
  }

  private void convert(Tensor x, Tensor out) {
    if (!x.isContiguous() || !out.isContiguous()) {
      base.copy(x, out);
      return;
    }
    boolean widens = x.dtype() == DType.FLOAT32;
    loop.run(
        floats,
        CHEAP,
        (s, at, n, wide) -> {
          if (widens) {
            Conversion.widen(s[0], at[0], s[1], at[1], n);
          } else {
            Conversion.narrow(s[0], at[0], s[1], at[1], n);
          }
        },
        x,
        out);
  }

  private ElementBlocks blocks(Tensor t) {
    return t.dtype() == DType.FLOAT32 ? floats : doubles;
  }

  /** Whether blocks of y are worked on where they lie. */
  private static boolean inPlace(Tensor y) {
    return new StridedPlan(y).innerStride(0) == 1;
  }

  private static int cost(UnaryOp op, DType dtype) {
    return switch (op) {
      case NEGATE, ABS, SIGN, STEP, SQRT, RECIPROCAL, SQUARE, RELU, IS_FINITE -> CHEAP;
      default -> dtype == DType.FLOAT32 ? FLOAT_SERIES : SERIES;
    };
  }
}
