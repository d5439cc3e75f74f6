package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.Ops.SymmetricEigen;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Every kernel, compiled so that the device sees each of its accesses: none may lie outside an
 * allocation, and no two may race.
 */
class WatchedKernelsTest {
  private final SoftwareDevice device = SoftwareDevice.require();

  @AfterEach
  void restore() {
    device.reset();
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void noKernelRacesOrLeavesItsMemory(DType dtype) {
    device.reset();
    device.set("check", 1);
    try (Backend backend =
        SoftwareDevice.open("panama", "fusion", "off", "cache", "target/watched-kernels")) {
      for (long size : new long[] {7, 37, 260}) {
        try (Scope scope = backend.newScope()) {
          everyKernel(backend.ops(scope), dtype, size);
        }
      }
      try (Scope scope = backend.newScope()) {
        // Long enough that several blocks share one result.
        Tensor x = backend.ops(scope).full(1, dtype, Shape.of(70_001));
        assertEquals(70_001, backend.ops(scope).sum(x).item());
        assertEquals(70_001, backend.ops(scope).dot(x, x).item());
        // More tiles than blocks.
        Tensor tall = backend.ops(scope).full(1, dtype, Shape.of(2100, 33));
        backend.ops(scope).copy(tall.transpose(0, 1));
        decompositions(backend.ops(scope), dtype);
      }
    }
    assertEquals("", device.failure());
  }

  private static void everyKernel(Ops ops, DType dtype, long n) {
    RandomKey key = RandomKey.of(n);
    Tensor x = ops.uniform(key.fold(1), dtype, Shape.of(9, n));
    Tensor y = ops.normal(key.fold(2), dtype, Shape.of(9, n));
    Tensor row = ops.uniform(key.fold(3), dtype, Shape.of(n));
    Tensor column = ops.uniform(key.fold(4), dtype, Shape.of(9, 1));
    for (UnaryOp op : UnaryOp.values()) {
      ops.unary(op, x);
    }
    for (BinaryOp op : BinaryOp.values()) {
      ops.binary(op, x, row);
      ops.binary(op, column, y);
    }
    ops.binary(BinaryOp.ADD, x.transpose(0, 1), y.transpose(0, 1));
    ops.select(y, x, row);
    ops.affine(x, 2, 1);
    ops.clamp(y, -1, 1);
    ops.axpy(0.5, x, y);
    ops.cast(x, dtype == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32);
    ops.copy(x.transpose(0, 1));
    for (ReduceOp op : ReduceOp.values()) {
      ops.reduce(op, x, 0);
      ops.reduce(op, x, 1);
      ops.reduceTo(op, x, Shape.of());
    }
    ops.sum(x.transpose(0, 1));
    ops.dot(x, y);
    Tensor w = ops.normal(key.fold(5), dtype, Shape.of(n, 5));
    ops.matmul(x, w);
    ops.linear(x, w, row.slice(0, 0, 5));
    ops.softmaxPullback(ops.softmax(x), y);
    ops.logSoftmaxPullback(ops.logSoftmax(x), y);
    ops.layerNorm(x, 1e-5);
    ops.gatherRows(x, new int[] {3, 1, 3});
    ops.scatterAddRows(x.slice(0, 0, 3), new int[] {3, 1, 3}, 5);
    ops.concat(1, List.of(x, y));
    Tensor m = ops.full(0, dtype, x.shape());
    Tensor v = ops.full(0, dtype, x.shape());
    ops.adamW(new AdamWStep(1, 1e-3, 0.9, 0.999, 1e-8, 0.01), y, x, m, v);
    ops.momentum(1e-3, 0.9, 0, true, y, x, m);
    Tensor tall = ops.normal(key.fold(6), dtype, Shape.of(n, 37));
    ops.copy(tall.transpose(0, 1));
    products(ops, y);
    products(ops, tall.transpose(0, 1));
    products(ops, tall);
    Tensor square = ops.matmul(y.transpose(0, 1).slice(0, 0, 6), y.slice(1, 0, 6));
    ops.sum(square).item();
  }

  /** Of nearly diagonal matrices, whose order no block divides. */
  private static void decompositions(Ops ops, DType dtype) {
    int n = 133;
    double[] diagonal = new double[n * n];
    for (int i = 0; i < n; i++) {
      diagonal[i * n + i] = 1 + i;
    }
    Tensor a = ops.scope().of(dtype, Shape.of(n, n), diagonal);
    // Two components of one magnitude, the second of which a block's first thread comes across.
    double[] coupled = diagonal.clone();
    coupled[1 * n + 1] = 300;
    coupled[128 * n + 128] = 300;
    coupled[128 * n + 1] = 1;
    SymmetricEigen eigen = ops.symmetricEigen(ops.scope().of(dtype, Shape.of(n, n), coupled));
    assertEquals(299, ops.copy(eigen.values().select(0, 1)).item(), 1e-4);
    double[] difference = ops.copy(eigen.vectors().select(1, 1)).toDoubleArray();
    assertEquals(Math.sqrt(0.5), difference[1], 1e-6);
    assertEquals(-difference[1], difference[128]);
    Tensor lower = ops.cholesky(a);
    for (boolean transposed : new boolean[] {false, true}) {
      Tensor x = ops.solveTriangular(lower, transposed, a.slice(1, 0, 3));
      assertEquals(1, ops.copy(x.select(0, 0).select(0, 0)).item());
    }
  }

  /** Every product with a centred matrix, for each number of vectors that has a kernel. */
  private static void products(Ops ops, Tensor z) {
    long rows = z.shape().dim(0);
    long width = z.shape().dim(1);
    Tensor columns = ops.full(0.5, z.dtype(), Shape.of(3, width));
    ops.gram().columnMoments(z, ops.copy(z.select(0, 0)));
    for (long k : new long[] {1, 2, 3, GramKernels.LARGEST_BLOCK}) {
      Tensor v = ops.full(1, DType.FLOAT64, Shape.of(k, width));
      Tensor u = ops.full(1, DType.FLOAT64, Shape.of(k, rows));
      ops.gram().multiply(z, columns, v, u);
      ops.gram().multiplyTransposed(z, columns, u, v);
      ops.gram().gram(z, columns, v, ops.full(0, DType.FLOAT64, v.shape()));
      ops.gram().rowGram(z, columns, u, ops.full(0, DType.FLOAT64, u.shape()));
    }
    Tensor direction = ops.full(1, DType.FLOAT64, Shape.of(width));
    ops.gram().deflate(z, columns, direction, 0.5, 2, ops.full(1, z.dtype(), Shape.of()));
  }
}
