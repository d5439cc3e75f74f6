package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * How the elements of an operand stand for those of a dense output of the same shape. Element i of
 * the output reads element
 *
 * <pre>
 *   DENSE i      ONE 0      ROW i mod period      COLUMN i / period
 * </pre>
 */
enum Spread {
  /** Each for one. */
  DENSE,
  /** One for all. */
  ONE,
  /** A dense row for each of the rows. */
  ROW,
  /** An element for each row. */
  COLUMN,
  /** Any other view. */
  OTHER;

  /** What a tensor is to a dense output of its shape, which is not empty. */
  static Spread of(Tensor t) {
    if (t.isContiguous()) {
      return DENSE;
    }
    int axis = skipDense(t, t.shape().rank() - 1);
    if (axis < t.shape().rank() - 1 && length(t, axis + 1) > 1) {
      return skipStretched(t, axis) < 0 ? ROW : OTHER;
    }
    axis = skipStretched(t, t.shape().rank() - 1);
    return axis < 0 ? ONE : skipDense(t, axis) < 0 ? COLUMN : OTHER;
  }

  /** The period of a tensor of this kind; 1 where it has none. */
  long period(Tensor t) {
    int last = t.shape().rank() - 1;
    return switch (this) {
      case ROW -> length(t, skipDense(t, last) + 1);
      case COLUMN -> length(t, skipStretched(t, last) + 1);
      default -> 1;
    };
  }

  /** Whether there is a period. */
  boolean isPeriodic() {
    return this == ROW || this == COLUMN;
  }

  /** Elements in memory for so many of the output. */
  long extent(long elements, long period) {
    return switch (this) {
      case ONE -> 1;
      case ROW -> period;
      case COLUMN -> elements / period;
      default -> elements;
    };
  }

  /** Elements of the axes from one on. */
  private static long length(Tensor t, int first) {
    long n = 1;
    for (int axis = first; axis < t.shape().rank(); axis++) {
      n *= t.shape().dim(axis);
    }
    return n;
  }

  /** The last axis up to this one on which the elements do not lie densely, given those behind. */
  private static int skipDense(Tensor t, int from) {
    long step = 1;
    int axis = from;
    while (axis >= 0 && (t.shape().dim(axis) == 1 || t.stride(axis) == step)) {
      step *= t.shape().dim(axis);
      axis--;
    }
    return axis;
  }

  /** The last axis up to this one that is not stretched. */
  private static int skipStretched(Tensor t, int from) {
    int axis = from;
    while (axis >= 0 && (t.shape().dim(axis) == 1 || t.stride(axis) == 0)) {
      axis--;
    }
    return axis;
  }
}
