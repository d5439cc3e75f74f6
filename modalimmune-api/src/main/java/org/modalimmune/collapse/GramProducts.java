package org.modalimmune.collapse;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A Gram matrix that is never formed: each product is one with A and one with its transpose. */
record GramProducts(Backend backend, Tensor a) implements GramOperator {
  @Override
  public int size() {
    return Math.toIntExact(Math.min(a.shape().dim(0), a.shape().dim(1)));
  }

  @Override
  public double unitRoundoff() {
    return a.dtype().unitRoundoff();
  }

  @Override
  public double[][] apply(double[]... vectors) {
    boolean wide = a.shape().dim(0) < a.shape().dim(1);
    double[][] half = multiply(wide, vectors);
    return multiply(!wide, half);
  }

  /** A x, or A'x if {@code transposed}, for each x: one pass over A for all of them. */
  double[][] multiply(boolean transposed, double[]... vectors) {
    int n = vectors[0].length;
    int b = vectors.length;
    double[] block = new double[n * b];
    for (int j = 0; j < b; j++) {
      for (int i = 0; i < n; i++) {
        block[i * b + j] = vectors[j][i];
      }
    }
    try (Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor left = transposed ? a.transpose(0, 1) : a;
      double[] product =
          ops.matmul(left, scope.of(a.dtype(), Shape.of(n, b), block)).toDoubleArray();
      double[][] result = new double[b][product.length / b];
      for (int j = 0; j < b; j++) {
        for (int i = 0; i < result[j].length; i++) {
          result[j][i] = product[i * b + j];
        }
      }
      return result;
    }
  }
}
