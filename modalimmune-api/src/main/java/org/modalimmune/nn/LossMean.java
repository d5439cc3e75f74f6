package org.modalimmune.nn;

import java.util.Arrays;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Means of element-wise losses, over all rows or over those that a mask keeps. */
final class LossMean {
  private LossMean() {}

  /** x with exact zeros in the rows whose mask is 0. */
  static Variable cleared(String loss, Variable x, Variable rowMask) {
    if (x.shape().rank() == 0) {
      throw new IllegalArgumentException(loss + ": a scalar has no rows to mask");
    }
    long rows = x.shape().dim(0);
    Sizes.requireShape(loss, "the row mask", rowMask, Shape.of(rows));
    long[] column = new long[x.shape().rank()];
    Arrays.fill(column, 1);
    column[0] = rows;
    Variable mask = Shaping.reshape(rowMask, Shape.of(column));
    return Elementwise.select(mask, x, x.tape().constant(0, x.dtype()));
  }

  /** Sum over the number of elements in valid rows; 0 if no row is valid. */
  static Variable of(String loss, Variable losses, Variable rowMask) {
    Variable total = Reduction.sum(cleared(loss, losses, rowMask));
    long columns = losses.shape().without(0).elements();
    if (columns == 0) {
      throw new IllegalArgumentException(loss + ": rows without elements: " + losses.shape());
    }
    Variable count = ValidCount.of(rowMask, Shape.of());
    return Elementwise.divide(total, Elementwise.scale(count, (double) columns));
  }

  static void requireSame(String loss, Variable prediction, Variable target) {
    Sizes.requireShape(loss, "the target", target, prediction.shape());
  }
}
