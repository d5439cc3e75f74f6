package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Masks [B, T] of sequences [B, T, n]: 1 at a valid step, 0 at padding or a gap. */
public final class SequenceMask {
  private SequenceMask() {}

  /** Every step of every sequence is valid. */
  public static Variable full(Variable x) {
    requireSequence("mask", x);
    Shape shape = x.shape().without(2);
    return x.tape().constant(x.tape().ops().full(1, x.dtype(), shape));
  }

  /**
   * The first {@code lengths[b]} steps of sequence b are valid.
   *
   * @param steps T, the padded length
   * @throws IllegalArgumentException if a length is negative or larger than {@code steps}
   */
  public static Variable ofLengths(Tape tape, int[] lengths, int steps, DType dtype) {
    double[] mask = new double[Math.multiplyExact(lengths.length, steps)];
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] < 0 || lengths[b] > steps) {
        throw new IllegalArgumentException(
            "mask: the length of sequence "
                + b
                + " must be between 0 and "
                + steps
                + ", got "
                + lengths[b]);
      }
      for (int t = 0; t < lengths[b]; t++) {
        mask[b * steps + t] = 1;
      }
    }
    return tape.constant(tape.scope().of(dtype, Shape.of(lengths.length, steps), mask));
  }

  static void requireSequence(String layer, Variable x) {
    if (x.shape().rank() != 3) {
      throw new IllegalArgumentException(
          layer + ": needs a sequence [rows, steps, columns], got " + x.shape());
    }
  }

  static void require(String layer, Variable x, Variable mask, long columns) {
    requireSequence(layer, x);
    Sizes.requireColumns(layer, x, columns);
    require(layer, x, mask);
  }

  static void require(String layer, Variable x, Variable mask) {
    requireSequence(layer, x);
    Sizes.requireShape(layer, "the mask", mask, x.shape().without(2));
  }

  /** The mask as [B, T, 1]. */
  static Variable column(Variable mask) {
    return Shaping.reshape(mask, mask.shape().inserted(2, 1));
  }

  /** x with exact zeros at invalid steps, so that what they hold reaches no value or gradient. */
  static Variable cleared(Variable x, Variable mask) {
    return Elementwise.select(column(mask), x, x.tape().constant(0, x.dtype()));
  }
}
