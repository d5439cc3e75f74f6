package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A stored matrix on a backend; its vectors come as two blocks. */
final class DenseTensorOperator implements TensorOperator {
  private final Backend backend;
  private final Tensor a;
  private final int n;
  private final int head;
  private int products;

  /** From n x n numbers that {@code dtype} holds exactly; the matrix lives in {@code scope}. */
  DenseTensorOperator(Backend backend, Scope scope, DType dtype, int n, double[] a) {
    this.backend = backend;
    this.a = scope.of(dtype, Shape.of(n, n), a);
    this.n = n;
    this.head = (n + 1) / 2;
  }

  int products() {
    return products;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public List<Tensor> newVector(Scope scope) {
    return List.of(
        scope.zeros(a.dtype(), Shape.of(head)), scope.zeros(a.dtype(), Shape.of(1, n - head)));
  }

  @Override
  public void apply(List<Tensor> x, List<Tensor> y) {
    products++;
    try (Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor whole =
          ops.concat(
              0,
              List.of(
                  x.getFirst().reshape(Shape.of(head, 1)),
                  x.getLast().reshape(Shape.of(n - head, 1))));
      Tensor product = ops.matmul(a, whole).reshape(Shape.of(n));
      ops.copyTo(product.slice(0, 0, head), y.getFirst());
      ops.copyTo(product.slice(0, head, n), y.getLast());
    }
  }

  /** sqrt(n) gamma_(n+1) in the matrix's own precision. */
  @Override
  public double relativeProductError() {
    double ku = (n + 1) * a.dtype().unitRoundoff();
    return Math.sqrt(n) * ku / (1 - ku);
  }
}
