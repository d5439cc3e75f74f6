package org.modalimmune.cpu.reference;

/** Visits the positions of several views of one shape together, in row-major order. */
final class Walk {
  private final long[] dims;
  private final long[][] strides;
  private final long[] at;
  private final long[] index;
  private long left;
  private boolean started;

  Walk(View... views) {
    this(views[0].dims(), strides(views), offsets(views));
  }

  /**
   * @param dims axis sizes
   * @param strides for each operand its strides on these axes
   * @param offsets first position of each operand; becomes the walk's own
   */
  Walk(long[] dims, long[][] strides, long[] offsets) {
    this.dims = dims;
    this.strides = strides;
    this.at = offsets;
    this.index = new long[dims.length];
    this.left = 1;
    for (long d : dims) {
      left *= d;
    }
  }

  /** Goes to the next element, at first to the first one; false behind the last. */
  boolean next() {
    if (left == 0) {
      return false;
    }
    left--;
    if (!started) {
      started = true;
      return true;
    }
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]++;
      boolean inside = index[axis] < dims[axis];
      long steps = inside ? 1 : 1 - dims[axis];
      for (int i = 0; i < at.length; i++) {
        at[i] += steps * strides[i][axis];
      }
      if (inside) {
        return true;
      }
      index[axis] = 0;
    }
    throw new IllegalStateException("walk: moved past the end");
  }

  /** Position of one operand's current element. */
  long at(int operand) {
    return at[operand];
  }

  private static long[][] strides(View[] views) {
    long[][] all = new long[views.length][];
    for (int i = 0; i < views.length; i++) {
      all[i] = views[i].strides();
    }
    return all;
  }

  private static long[] offsets(View[] views) {
    long[] all = new long[views.length];
    for (int i = 0; i < views.length; i++) {
      all[i] = views[i].offset();
    }
    return all;
  }
}
