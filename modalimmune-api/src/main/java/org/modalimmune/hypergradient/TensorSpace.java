package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Vectors on a backend, in blocks. Of an inner product one number comes back, nothing else. */
final class TensorSpace implements VectorSpace<List<Tensor>> {
  private final TensorOperator operator;
  private final Scope scope;
  private final Ops ops;
  private int products;

  /** Vectors that live in {@code scope}. */
  TensorSpace(TensorOperator operator, Scope scope) {
    this.operator = operator;
    this.scope = scope;
    this.ops = operator.backend().ops(scope);
  }

  int products() {
    return products;
  }

  @Override
  public List<Tensor> zeros() {
    return operator.newVector(scope);
  }

  @Override
  public void product(List<Tensor> x, List<Tensor> y) {
    products++;
    operator.apply(x, y);
  }

  @Override
  public void scale(double s, List<Tensor> x, List<Tensor> y) {
    for (int i = 0; i < y.size(); i++) {
      ops.affineTo(x.get(i), s, 0, y.get(i));
    }
  }

  @Override
  public void addScaled(double s, List<Tensor> x, List<Tensor> y) {
    for (int i = 0; i < y.size(); i++) {
      ops.axpy(s, x.get(i), y.get(i));
    }
  }

  @Override
  public double dot(List<Tensor> x, List<Tensor> y) {
    try (Scope temporary = operator.backend().newScope()) {
      Ops sums = operator.backend().ops(temporary);
      Tensor total = sums.full(0, DType.FLOAT64, Shape.of());
      for (int i = 0; i < x.size(); i++) {
        sums.axpy(1, sums.cast(sums.dot(x.get(i), y.get(i)), DType.FLOAT64), total);
      }
      return total.item();
    }
  }
}
