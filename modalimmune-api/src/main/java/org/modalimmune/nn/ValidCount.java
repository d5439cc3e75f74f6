package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Counts the entries of a mask that are not 0, as a divisor: at least 1. */
final class ValidCount {
  private ValidCount() {}

  /** Over the axes on which {@code target} has size 1, and over leading axes it lacks. */
  static Variable of(Variable mask, Shape target) {
    Tape tape = mask.tape();
    Variable one = tape.constant(1, mask.dtype());
    Variable ones = Elementwise.select(mask, one, tape.constant(0, mask.dtype()));
    return Elementwise.maximum(Reduction.sumTo(ones, target), one);
  }
}
