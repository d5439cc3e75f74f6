package org.modalimmune.collapse;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.GramOps;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A Gram matrix that is never formed: each product reads the embedding once. The vectors travel to
 * the device and back, some kilobytes each way; the iteration has to look at them after every
 * product anyway.
 *
 * @param z the embedding [B, d]
 * @param affine how its columns are centred and scaled
 */
record GramProducts(Backend backend, Tensor z, Tensor affine) implements GramOperator {
  @Override
  public int size() {
    return Math.toIntExact(Math.min(z.shape().dim(0), z.shape().dim(1)));
  }

  @Override
  public double unitRoundoff() {
    return z.dtype().unitRoundoff();
  }

  @Override
  public double[][] apply(double[]... vectors) {
    boolean wide = z.shape().dim(0) < z.shape().dim(1);
    return run(
        vectors,
        size(),
        wide
            ? (gram, in, out) -> gram.rowGram(z, affine, in, out)
            : (gram, in, out) -> gram.gram(z, affine, in, out));
  }

  /** A x, or A'x if {@code transposed}, for each x: one pass over Z for all of them. */
  double[][] multiply(boolean transposed, double[]... vectors) {
    return run(
        vectors,
        Math.toIntExact(z.shape().dim(transposed ? 1 : 0)),
        transposed
            ? (gram, in, out) -> gram.multiplyTransposed(z, affine, in, out)
            : (gram, in, out) -> gram.multiply(z, affine, in, out));
  }

  private interface Product {
    void run(GramOps gram, Tensor in, Tensor out);
  }

  private double[][] run(double[][] vectors, int length, Product product) {
    int k = vectors.length;
    int n = vectors[0].length;
    double[] block = new double[k * n];
    for (int j = 0; j < k; j++) {
      System.arraycopy(vectors[j], 0, block, j * n, n);
    }
    try (Scope scope = backend.newScope()) {
      Tensor out = scope.allocate(DType.FLOAT64, Shape.of(k, length));
      product.run(backend.ops(scope).gram(), scope.of(DType.FLOAT64, Shape.of(k, n), block), out);
      double[] values = out.toDoubleArray();
      double[][] result = new double[k][length];
      for (int j = 0; j < k; j++) {
        System.arraycopy(values, j * length, result[j], 0, length);
      }
      return result;
    }
  }
}
