package org.modalimmune.cpu;

import java.util.List;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.GramOps;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A program that calls every kernel, so many times as it is told. */
final class EveryKernel {
  private EveryKernel() {}

  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    try (Backend backend = Backends.open("cpu", BackendOptions.ofThreads(1))) {
      for (int round = 1; round <= rounds; round++) {
        for (DType dtype : DType.values()) {
          try (Scope scope = backend.newScope()) {
            round(backend.ops(scope), dtype, round);
          }
        }
      }
    }
  }

  private static void round(Ops ops, DType dtype, long round) {
    RandomKey key = RandomKey.of(round);
    Tensor x = ops.uniform(key.fold(1), dtype, Shape.of(70, 133));
    Tensor y = ops.normal(key.fold(2), dtype, Shape.of(70, 133));
    Tensor row = ops.uniform(key.fold(3), dtype, Shape.of(133));
    Tensor column = ops.uniform(key.fold(4), dtype, Shape.of(70, 1));
    for (UnaryOp op : UnaryOp.values()) {
      ops.unary(op, x);
      ops.unary(op, x.transpose(0, 1));
    }
    ops.geluWithDerivative(x);
    ops.geluWithDerivative(x.transpose(0, 1));
    for (BinaryOp op : BinaryOp.values()) {
      ops.binary(op, x, y);
      ops.binary(op, x, row);
      ops.binary(op, column, y);
      ops.binary(op, x.transpose(0, 1), y.transpose(0, 1));
    }
    ops.multiplyAdd(x, y, row);
    ops.multiplyAdd(column, x, y);
    ops.select(y, x, row);
    ops.affine(x, 2, 1);
    ops.clamp(y, -1, 1);
    ops.axpy(0.5, x, y);
    ops.cast(x, dtype == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32);
    ops.copy(x.transpose(0, 1));
    for (ReduceOp op : ReduceOp.values()) {
      ops.reduce(op, x, 0);
      ops.reduce(op, x, 1);
    }
    ops.sum(x);
    ops.dot(x, y);
    Tensor w = ops.normal(key.fold(5), dtype, Shape.of(133, 64));
    ops.matmul(x, w);
    ops.matmul(x, ops.copy(w.transpose(0, 1)).transpose(0, 1));
    ops.matmul(ops.copy(x.transpose(0, 1)).transpose(0, 1), w);
    ops.linear(x, w, row.slice(0, 0, 64));
    Tensor many = ops.normal(key.fold(6), dtype, Shape.of(70, 7, 6));
    ops.matmul(many, ops.normal(key.fold(7), dtype, Shape.of(70, 6, 64)));
    ops.matmul(many, ops.normal(key.fold(8), dtype, Shape.of(70, 6, 3)));
    ops.matmul(x.slice(1, 0, 10), y.slice(1, 0, 10).transpose(0, 1));
    ops.matmul(x, row.reshape(Shape.of(133, 1)));
    ops.matmul(column.transpose(0, 1), x);
    ops.softmaxPullback(ops.softmax(x), y);
    ops.logSoftmaxPullback(ops.logSoftmax(x), y);
    Ops.LayerNorm norm = ops.layerNorm(x, 1e-5);
    ops.layerNorm(x, row, row, 1e-5);
    ops.layerNormPullback(norm.normalized(), norm.reciprocalStd(), y);
    ops.layerNormPullback(norm.normalized(), norm.reciprocalStd(), row, y);
    ops.gatherRows(x, new int[] {3, 1, 3});
    ops.scatterAddRows(x.slice(0, 0, 3), new int[] {3, 1, 3}, 5);
    ops.concat(1, List.of(x, y));
    Tensor m = ops.full(0, dtype, x.shape());
    Tensor v = ops.full(0, dtype, x.shape());
    ops.adamW(new AdamWStep(round, 1e-3, 0.9, 0.999, 1e-8, 0.01), y, x, m, v);
    grams(ops, x, row);
    grams(ops, x.transpose(0, 1), column.select(1, 0));
    ops.momentum(1e-3, 0.9, 0, round % 2 == 0, y, x, m);
  }

  private static void grams(Ops ops, Tensor z, Tensor pivot) {
    long rows = z.shape().dim(0);
    long columns = z.shape().dim(1);
    GramOps gram = ops.gram();
    gram.columnMoments(z, pivot);
    Tensor affine = ops.full(1, z.dtype(), Shape.of(3, columns));
    for (int k = 1; k <= 8; k++) {
      Tensor v = ops.full(0.1, DType.FLOAT64, Shape.of(k, columns));
      Tensor u = ops.full(0.1, DType.FLOAT64, Shape.of(k, rows));
      Tensor down = ops.full(0, DType.FLOAT64, Shape.of(k, columns));
      Tensor across = ops.full(0, DType.FLOAT64, Shape.of(k, rows));
      gram.multiply(z, affine, v, across);
      gram.multiplyTransposed(z, affine, u, down);
      gram.gram(z, affine, v, down);
      gram.rowGram(z, affine, u, across);
    }
    Tensor v = ops.full(0.1, DType.FLOAT64, Shape.of(columns));
    gram.deflate(z, affine, v, 1, 1, ops.full(1, z.dtype(), Shape.of()));
  }
}
