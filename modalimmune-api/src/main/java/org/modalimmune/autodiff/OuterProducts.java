package org.modalimmune.autodiff;

import java.util.Optional;
import org.modalimmune.tensor.Shape;

/**
 * Rows' gradients of the weight w [k, n] of a product x w: row i contributes x_i' g_i. With a
 * single position per row the squares of that outer product are the products of the squares
 * (Goodfellow, "Efficient per-example gradient computations", arXiv 1510.01799).
 *
 * @param x input [rows, positions, k]
 * @param g cotangent of the product [rows, positions, n]
 */
record OuterProducts(Variable x, Variable g) implements RowGradient {
  /**
   * From an input [rows, ..., k] and cotangent [rows, ..., n]; empty if axis 0 is not the batch.
   */
  static Optional<RowGradient> of(Variable x, Variable g, long rows) {
    if (x.shape().rank() < 2 || x.shape().dim(0) != rows) {
      return Optional.empty();
    }
    return Optional.of(new OuterProducts(byRow(x), byRow(g)));
  }

  private static Variable byRow(Variable v) {
    long positions = v.shape().with(0, 1).with(-1, 1).elements();
    return Shaping.reshape(v, Shape.of(v.shape().dim(0), positions, v.shape().dim(-1)));
  }

  @Override
  public Variable each() {
    return Matrix.matmul(Matrix.transpose(x), g);
  }

  @Override
  public Variable squaredSum() {
    if (x.shape().dim(1) != 1) {
      return RowGradient.super.squaredSum();
    }
    Variable inputs = Shaping.select(Elementwise.square(x), 1, 0);
    return Matrix.matmul(Matrix.transpose(inputs), Shaping.select(Elementwise.square(g), 1, 0));
  }
}
