package org.modalimmune.cpu.vector;

import org.modalimmune.tensor.Tensor;

/**
 * Axes of several tensors of one shape, merged where all of them run on, and of size 1 left out.
 */
final class StridedPlan {
  private final int rank;
  private final long[] dims;
  private final long[][] strides;

  StridedPlan(Tensor... tensors) {
    long[] sizes = tensors[0].shape().dims();
    long[][] all = new long[tensors.length][];
    for (int t = 0; t < tensors.length; t++) {
      all[t] = tensors[t].strides();
    }
    int used = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 1) {
        continue;
      }
      boolean merges = used > 0;
      for (long[] s : all) {
        merges = merges && s[used - 1] == s[axis] * sizes[axis];
      }
      int to = merges ? used - 1 : used;
      sizes[to] = merges ? sizes[to] * sizes[axis] : sizes[axis];
      for (long[] s : all) {
        s[to] = s[axis];
      }
      used = to + 1;
    }
    rank = used;
    dims = sizes;
    strides = all;
  }

  /** Number of axes left, 0 for a single element. */
  int rank() {
    return rank;
  }

  long dim(int axis) {
    return dims[axis];
  }

  long stride(int tensor, int axis) {
    return strides[tensor][axis];
  }

  /** Size of the last axis, the inner loop. */
  long innerSize() {
    return rank == 0 ? 1 : dims[rank - 1];
  }

  /** Stride of the last axis; 1 for a single element. */
  long innerStride(int tensor) {
    return rank == 0 ? 1 : strides[tensor][rank - 1];
  }

  /** Whether all rows of a tensor are one and the same. */
  boolean repeatsRow(int tensor) {
    for (int i = 0; i < rank - 1; i++) {
      if (strides[tensor][i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Number of inner loops. */
  long rows() {
    long count = 1;
    for (int i = 0; i < rank - 1; i++) {
      count *= dims[i];
    }
    return count;
  }

  /** Position of a tensor's row relative to its first element. */
  long rowStart(int tensor, long row) {
    if (rank <= 2) {
      // the usual case, spared two divisions
      return rank == 2 ? row * strides[tensor][0] : 0;
    }
    long at = 0;
    for (int i = rank - 2; i >= 0; i--) {
      at += row % dims[i] * strides[tensor][i];
      row /= dims[i];
    }
    return at;
  }
}
