package org.modalimmune.autodiff;

import java.util.function.Supplier;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Differentiable matrix products. */
public final class Matrix {
  private static final Rule MATMUL_RIGHT_2D = new ProductRule("matmul");
  private static final Rule LINEAR = new ProductRule("linear");

  private Matrix() {}

  /** Product over the last two axes; leading axes broadcast. */
  public static Variable matmul(Variable a, Variable b) {
    Tape tape = a.tape();
    Shape left = a.shape();
    if (left.rank() < 2 || b.shape().rank() != 2) {
      return tape.record(
          tape.ops().matmul(a.tensor(), b.tensor()), new TransposableRule(false, false), a, b);
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

  /**
   * {@link #matmul} of operands that are taken transposed over their last two axes where asked. The
   * derivatives come out in the operands' own order of memory, which {@link #transpose} before a
   * product would not give.
   */
  static Variable product(Variable a, boolean aTransposed, Variable b, boolean bTransposed) {
    Tape tape = a.tape();
    Rule rule = new TransposableRule(aTransposed, bTransposed);
    Supplier<Tensor> value =
        () -> tape.ops().matmul(view(a.tensor(), aTransposed), view(b.tensor(), bTransposed));
    if (a.shape().rank() != 2 || b.shape().rank() != 2) {
      return tape.record(value.get(), rule, a, b);
    }
    Shape shape = Shape.of(a.shape().dim(aTransposed ? 1 : 0), b.shape().dim(bTransposed ? 0 : 1));
    return tape.record(shape, a.dtype(), value, rule, a, b);
  }

  /** The matrix, or its transpose. */
  static Tensor view(Tensor t, boolean transposed) {
    return transposed ? t.transpose(-2, -1) : t;
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
