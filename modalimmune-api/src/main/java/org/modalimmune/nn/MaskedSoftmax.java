package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Softmax over the last axis among the positions whose mask is not 0; the others get exactly 0, and
 * a row without any valid position is all zeros. Scores at masked positions, whatever they hold,
 * influence neither value nor gradient.
 */
final class MaskedSoftmax {
  private MaskedSoftmax() {}

  /**
   * @param scores [..., n]
   * @param mask stretches to the shape of the scores; its last axis has size n
   */
  static Variable of(Variable scores, Variable mask) {
    Tape tape = scores.tape();
    DType dtype = scores.dtype();
    Ops ops = tape.ops();
    Tensor magnitude = ops.unary(UnaryOp.ABS, mask.tensor());
    Tensor anyValid = ops.reduceTo(ReduceOp.MAX, magnitude, mask.shape().with(-1, 1));
    Tensor zero = ops.full(0, dtype, Shape.of());
    // selected, not added: -infinity is safe in a softmax as long as one entry of the row is finite
    Tensor lowest = ops.full(Double.NEGATIVE_INFINITY, dtype, Shape.of());
    Variable excluded = tape.constant(ops.select(anyValid, lowest, zero));
    Variable weights = Normalization.softmax(Elementwise.select(mask, scores, excluded));
    return Elementwise.select(mask, weights, tape.constant(zero));
  }
}
