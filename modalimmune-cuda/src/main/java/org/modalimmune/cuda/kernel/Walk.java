package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * The axes of several operands of one shape, merged where all operands run on and left out where
 * the size is 1; the host's side of {@code Walk<N>} in {@code view.cuh}.
 */
final class Walk {
  /** Most axes that a kernel takes, {@code WALK_RANK}. */
  static final int MAX_RANK = 8;

  private final long[] dims;
  private final long[][] strides;
  private final int rank;
  private final long count;

  /**
   * @param sizes axis sizes; becomes the walk's own
   * @param all for each operand its strides on these axes; become the walk's own
   */
  Walk(long[] sizes, long[]... all) {
    int used = 0;
    long product = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      product *= sizes[axis];
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
    dims = sizes;
    strides = all;
    rank = used;
    count = product;
  }

  /** Over all elements of tensors of one shape. */
  static Walk of(Tensor... operands) {
    long[][] all = new long[operands.length][];
    for (int k = 0; k < operands.length; k++) {
      all[k] = operands[k].strides();
    }
    return new Walk(operands[0].shape().dims(), all);
  }

  /** Number of positions. */
  long count() {
    return count;
  }

  /** Number of axes left; 0 for a single element. */
  int rank() {
    return rank;
  }

  long dim(int axis) {
    return dims[axis];
  }

  long stride(int operand, int axis) {
    return strides[operand][axis];
  }

  /** Stride of the last axis; 0 for a single element. */
  long innerStride(int operand) {
    return rank == 0 ? 0 : strides[operand][rank - 1];
  }

  /** Whether a kernel can take it. */
  boolean fits() {
    return rank <= MAX_RANK;
  }

  /** Appends the structure. */
  void pack(LaunchArguments a) {
    a.of(count).of(Math.max(1, rank)).of(count <= Integer.MAX_VALUE ? 1 : 0);
    for (int axis = 0; axis < MAX_RANK; axis++) {
      a.of(axis < rank ? dims[axis] : 1L);
    }
    for (int axis = 0; axis < MAX_RANK; axis++) {
      a.of(axis < rank ? magic(dims[axis]) : 0);
    }
    for (int axis = 0; axis < MAX_RANK; axis++) {
      a.of(axis < rank ? shift(dims[axis]) : 0);
    }
    for (long[] s : strides) {
      for (int axis = 0; axis < MAX_RANK; axis++) {
        a.of(axis < rank ? s[axis] : 0L);
      }
    }
  }

  /** The smallest power of two that is not below d is 2^shift. */
  static int shift(long d) {
    return d <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(d - 1);
  }

  /**
   * floor(2^32 (2^shift - d) / d) + 1: with it n / d = (high word of n magic + n) >> shift for all
   * n below 2^31 (Granlund and Montgomery 1994, section 4).
   */
  static int magic(long d) {
    if (d < 1 || d > Integer.MAX_VALUE) {
      return 0;
    }
    return (int) (((((1L << shift(d)) - d) << 32) / d) + 1);
  }
}
