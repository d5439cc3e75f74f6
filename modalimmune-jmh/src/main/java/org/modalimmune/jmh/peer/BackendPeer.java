package org.modalimmune.jmh.peer;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A backend of the project: the kernel alone, into a tensor that is there. */
record BackendPeer(String name) implements MatmulPeer {
  @Override
  public MatmulRival prepare(Product p, int threads) {
    Backend backend = Backends.open(name, BackendOptions.ofThreads(threads));
    Scope scope = backend.newScope();
    Tensor a = operand(scope, p, p.a(), p.transposedA(), p.m(), p.k());
    Tensor b = operand(scope, p, p.b(), p.transposedB(), p.k(), p.n());
    Tensor c = scope.allocate(p.dtype(), Shape.of(p.m(), p.n()));
    return new MatmulRival() {
      @Override
      public Object multiply() {
        backend.kernels().matrix().matmul(a, b, c);
        return c;
      }

      @Override
      public double[] product() {
        return c.toDoubleArray();
      }

      @Override
      public void close() {
        backend.close();
      }
    };
  }

  private static Tensor operand(
      Scope scope, Product p, double[] values, boolean transposed, int rows, int columns) {
    return transposed
        ? scope.of(p.dtype(), Shape.of(columns, rows), values).transpose(0, 1)
        : scope.of(p.dtype(), Shape.of(rows, columns), values);
  }
}
