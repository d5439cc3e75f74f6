package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * The leading axes of a batched product, with those of size 1 left out and neighbours joined where
 * all three tensors step through them evenly.
 */
final class BatchAxes {
  private final long[] sizes;
  private final long[][] strides = new long[3][];
  private int count;

  BatchAxes(Tensor a, Tensor b, Tensor out) {
    Tensor[] all = {a, b, out};
    int rank = out.shape().rank() - 2;
    sizes = new long[Math.max(1, rank)];
    for (int t = 0; t < all.length; t++) {
      strides[t] = new long[sizes.length];
    }
    for (int axis = 0; axis < rank; axis++) {
      long size = out.shape().dim(axis);
      if (size == 1) {
        continue;
      }
      boolean joins = count > 0;
      for (int t = 0; joins && t < all.length; t++) {
        joins = strides[t][count - 1] == size * all[t].stride(axis);
      }
      if (!joins) {
        sizes[count++] = 1;
      }
      sizes[count - 1] *= size;
      for (int t = 0; t < all.length; t++) {
        strides[t][count - 1] = all[t].stride(axis);
      }
    }
    if (count == 0) {
      sizes[count++] = 1;
    }
  }

  /** Number of axes, at least 1. */
  int count() {
    return count;
  }

  long size(int axis) {
    return sizes[axis];
  }

  /** Elements between neighbours of an axis in operand 0 (a), 1 (b) or 2 (out). */
  long stride(int operand, int axis) {
    return strides[operand][axis];
  }
}
