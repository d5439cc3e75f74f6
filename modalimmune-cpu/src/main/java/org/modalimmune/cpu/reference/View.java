package org.modalimmune.cpu.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** A tensor's memory with its strides; elements are read and written as float64. */
final class View {
  private final MemorySegment segment;
  private final boolean wide;
  private final long[] dims;
  private final long[] strides;
  private final long offset;

  View(MemorySegment segment, boolean wide, long[] dims, long[] strides, long offset) {
    this.segment = segment;
    this.wide = wide;
    this.dims = dims;
    this.strides = strides;
    this.offset = offset;
  }

  /** The memory. */
  MemorySegment segment() {
    return segment;
  }

  /** True for float64 elements. */
  boolean wide() {
    return wide;
  }

  /** Axis sizes. */
  long[] dims() {
    return dims;
  }

  /** Strides in elements. */
  long[] strides() {
    return strides;
  }

  /** Position of the first element. */
  long offset() {
    return offset;
  }

  static View of(Tensor t) {
    return new View(
        HostStorage.segmentOf(t),
        t.dtype() == DType.FLOAT64,
        t.shape().dims(),
        t.strides(),
        t.offset());
  }

  /** This view with one axis fixed at {@code index} and removed. */
  View select(int axis, long index) {
    return new View(
        segment, wide, without(dims, axis), without(strides, axis), offset + index * strides[axis]);
  }

  /** Number of elements. */
  long elements() {
    long count = 1;
    for (long d : dims) {
      count *= d;
    }
    return count;
  }

  /** Element at a position counted from the start of the memory. */
  double get(long at) {
    return wide
        ? segment.getAtIndex(ValueLayout.JAVA_DOUBLE, at)
        : segment.getAtIndex(ValueLayout.JAVA_FLOAT, at);
  }

  /** Writes an element, rounded to the element type. */
  void set(long at, double value) {
    if (wide) {
      segment.setAtIndex(ValueLayout.JAVA_DOUBLE, at, value);
    } else {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) value);
    }
  }

  private static long[] without(long[] values, int axis) {
    long[] copy = new long[values.length - 1];
    System.arraycopy(values, 0, copy, 0, axis);
    System.arraycopy(values, axis + 1, copy, axis, copy.length - axis);
    return copy;
  }
}
