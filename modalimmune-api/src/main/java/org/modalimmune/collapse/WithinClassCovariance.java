package org.modalimmune.collapse;

import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Pooled covariance of features about their class means. */
public final class WithinClassCovariance {
  private WithinClassCovariance() {}

  /**
   * S = R'R / max(1, B - C) where row i of R is x_i minus the mean of its class, B the number of
   * rows and C the number of classes that occur.
   *
   * @param ops where the result goes
   * @param x features [B, n], B at least 1
   * @param labels class index of each row
   * @param classes number of classes
   * @return [n, n], symmetric positive semidefinite
   * @throws IllegalArgumentException if the sizes disagree
   */
  public static Tensor of(Ops ops, Tensor x, int[] labels, int classes) {
    if (x.shape().rank() != 2 || x.shape().dim(0) != labels.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "within-class covariance: needs features [B, n] with one label per row, got "
              + x.shape()
              + " and "
              + labels.length
              + " labels");
    }
    double[] counts = new double[classes];
    for (int label : labels) {
      counts[label]++;
    }
    int occurring = 0;
    for (int c = 0; c < classes; c++) {
      occurring += counts[c] > 0 ? 1 : 0;
      counts[c] = Math.max(1, counts[c]);
    }
    Tensor divisor = ops.scope().of(x.dtype(), Shape.of(classes, 1), counts);
    Tensor sums = ops.scatterAddRows(x, labels, classes);
    Tensor means = ops.binary(BinaryOp.MULTIPLY, sums, ops.unary(UnaryOp.RECIPROCAL, divisor));
    Tensor residual = ops.binary(BinaryOp.SUBTRACT, x, ops.gatherRows(means, labels));
    Tensor scatter = ops.matmul(residual.transpose(0, 1), residual);
    return ops.affine(scatter, 1.0 / Math.max(1, labels.length - occurring), 0);
  }
}
