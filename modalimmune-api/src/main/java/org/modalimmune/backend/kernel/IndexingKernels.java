package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/** Access to rows (positions of the first axis) by index. Indices are in range. */
public interface IndexingKernels {
  /** {@code out[i, ...] = x[rows[i], ...]}. */
  void gatherRows(Tensor x, int[] rows, Tensor out);

  /**
   * {@code out[r, ...] = sum of x[i, ...] over rows[i] = r}, in the order of i; 0 where none is.
   */
  void scatterAddRows(Tensor x, int[] rows, Tensor out);
}
