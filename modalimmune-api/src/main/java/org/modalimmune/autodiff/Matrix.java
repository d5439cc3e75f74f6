package org.modalimmune.autodiff;

import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Differentiable matrix products. */
public final class Matrix {
  /**
   * Rule of y = a b with leading axes on b: cotangents g b' and a' g, summed where an operand was
   * broadcast.
   */
  private static final Rule MATMUL =
      Rule.named(
          "matmul",
          p -> {
            if (p.wants(0)) {
              Variable g = matmul(p.cotangent(), transpose(p.input(1)));
              p.add(0, Reduction.sumTo(g, p.input(0).shape()));
            }
            if (p.wants(1)) {
              Variable g = matmul(transpose(p.input(0)), p.cotangent());
              p.add(1, Reduction.sumTo(g, p.input(1).shape()));
            }
          });

  private static final Rule MATMUL_RIGHT_2D = new ProductRule("matmul");
  private static final Rule LINEAR = new ProductRule("linear");

  private Matrix() {}

  /** Product over the last two axes; leading axes broadcast. */
  public static Variable matmul(Variable a, Variable b) {
    Tape tape = a.tape();
    Shape left = a.shape();
    if (left.rank() < 2 || b.shape().rank() != 2) {
      return tape.record(tape.ops().matmul(a.tensor(), b.tensor()), MATMUL, a, b);
    }
    // one tall product instead of many, here and in the gradient
    Tensor flat = flat(a);
    Tensor product = tape.ops().matmul(flat, b.tensor());
    return tape.record(product.reshape(left.with(-1, b.shape().dim(1))), MATMUL_RIGHT_2D, a, b);
  }

  /** {@code x w + bias}: x [..., k] of rank 2 or more, w [k, n], bias [n]. */
  public static Variable linear(Variable x, Variable w, Variable bias) {
    Tape tape = x.tape();
    if (x.shape().rank() < 2) {
      return tape.record(
          tape.ops().linear(x.tensor(), w.tensor(), bias.tensor()), LINEAR, x, w, bias);
    }
    Tensor flat = flat(x);
    Tensor product = tape.ops().linear(flat, w.tensor(), bias.tensor());
    return tape.record(product.reshape(x.shape().with(-1, w.shape().dim(1))), LINEAR, x, w, bias);
  }

  /** All leading axes taken as one; a matrix as it is, view or not. */
  private static Tensor flat(Variable x) {
    return x.shape().rank() == 2
        ? x.tensor()
        : x.tape().ops().reshape(x.tensor(), ProductRule.flat(x.shape()));
  }

  /** View with the last two axes exchanged. */
  public static Variable transpose(Variable x) {
    return Shaping.transpose(x, -2, -1);
  }
}
