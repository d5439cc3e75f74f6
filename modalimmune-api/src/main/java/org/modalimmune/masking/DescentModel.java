package org.modalimmune.masking;

import java.util.List;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.hypergradient.NonFiniteInputException;

/** The quadratic model of the clean loss along the destructive part of a descent step. */
final class DescentModel {
  private DescentModel() {}

  /**
   * The model of the given blocks together, along s = -stepSize m .* d.
   *
   * @param h their Hessian; multiplied once, or not at all where s = 0
   */
  static QuadraticModel of(
      List<GradientBlock> blocks, List<BlockProgress> progress, double stepSize, LinearOperator h) {
    int n = 0;
    double largest = 0;
    for (BlockProgress p : progress) {
      n = Math.addExact(n, p.direction().length);
      largest = Math.max(largest, ScaledBound.largest(p.direction()));
    }
    GradientMasking.requireDimension(
        blocks.size() == 1 ? blocks.getFirst().name() : "all blocks", h, n);
    if (largest == 0) {
      return QuadraticModel.of(0, 0);
    }
    // the operator sees components of order 1, so that its own type cannot overflow or underflow
    int power = ScaledBound.exponent(largest);
    double[] gradient = new double[n];
    double[] direction = new double[n];
    int at = 0;
    for (int b = 0; b < blocks.size(); b++) {
      double[] clean = blocks.get(b).clean();
      double[] masked = progress.get(b).direction();
      System.arraycopy(clean, 0, gradient, at, clean.length);
      for (int i = 0; i < masked.length; i++) {
        direction[at + i] = Math.scalb(masked[i], -power);
      }
      at += clean.length;
    }
    double[] product = new double[n];
    h.apply(direction, product);
    requireFinite(blocks, product);
    return QuadraticModel.of(-1, gradient, direction, product, stepSize, power);
  }

  private static void requireFinite(List<GradientBlock> blocks, double[] product) {
    int at = 0;
    for (GradientBlock block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        if (!Double.isFinite(product[at + i])) {
          throw new NonFiniteInputException(
              "masking: block " + block.name() + ": Hessian-vector product", i, product[at + i]);
        }
      }
      at += block.size();
    }
  }
}
