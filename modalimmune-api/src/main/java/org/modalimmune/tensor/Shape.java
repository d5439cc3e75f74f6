package org.modalimmune.tensor;

import java.util.Arrays;

/**
 * Sizes of a tensor's axes, outermost first. A scalar has rank 0 and one element; an axis may be 0.
 *
 * @param dims axis sizes, each at least 0; copied on the way in and out
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Shape(long... dims) {
  private static final Shape SCALAR = new Shape();

  /**
   * Checks and copies the sizes.
   *
   * @throws IllegalArgumentException if a size is negative or the element count overflows a long
   */
  public Shape {
    dims = dims.clone();
    long count = 1;
    boolean empty = false;
    for (long d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "shape: sizes must not be negative: " + Arrays.toString(dims));
      }
      empty |= d == 0;
    }
    for (long d : dims) {
      if (empty) {
        break;
      }
      try {
        count = Math.multiplyExact(count, d);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape: more than 2^63 - 1 elements: " + Arrays.toString(dims), e);
      }
    }
  }

  /** A shape of the given sizes. */
  public static Shape of(long... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims);
  }

  @Override
  public long[] dims() {
    return dims.clone();
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /**
   * Size of one axis.
   *
   * @param axis 0 is the outermost; negative counts from the innermost (-1)
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public long dim(int axis) {
    return dims[axis(axis)];
  }

  /**
   * The non-negative index of an axis that may be given from the end.
   *
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int axis(int axis) {
    int resolved = axis < 0 ? axis + dims.length : axis;
    if (resolved < 0 || resolved >= dims.length) {
      throw new IndexOutOfBoundsException("shape: no axis " + axis + " in " + this);
    }
    return resolved;
  }

  /** Number of elements: the product of the sizes, 1 for a scalar. */
  public long elements() {
    long count = 1;
    for (long d : dims) {
      count *= d;
    }
    return count;
  }

  /** Strides in elements of a contiguous row-major tensor of this shape. */
  public long[] rowMajorStrides() {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, dims[i]);
    }
    return strides;
  }

  /** This shape with one axis resized. */
  public Shape with(int axis, long size) {
    long[] copy = dims.clone();
    copy[axis(axis)] = size;
    return new Shape(copy);
  }

  /** This shape without one axis. */
  public Shape without(int axis) {
    int gone = axis(axis);
    long[] copy = new long[dims.length - 1];
    System.arraycopy(dims, 0, copy, 0, gone);
    System.arraycopy(dims, gone + 1, copy, gone, dims.length - gone - 1);
    return new Shape(copy);
  }

  /** This shape with an axis of the given size inserted before {@code position}. */
  public Shape inserted(int position, long size) {
    long[] copy = new long[dims.length + 1];
    System.arraycopy(dims, 0, copy, 0, position);
    copy[position] = size;
    System.arraycopy(dims, position, copy, position + 1, dims.length - position);
    return new Shape(copy);
  }

  /**
   * The common shape of two operands: axes are aligned from the innermost, and an axis of size 1
   * (or a missing one) stretches to the other's size.
   *
   * @throws IllegalArgumentException if two sizes differ and neither is 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] out = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long p = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      long q = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (p != q && p != 1 && q != 1) {
        throw new IllegalArgumentException(
            "broadcast: sizes must be equal or 1 on every axis: "
                + a
                + " with "
                + b
                + "; insert an axis of size 1 or transpose one operand?");
      }
      out[rank - i] = p == 1 ? q : p;
    }
    return new Shape(out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The sizes in brackets, outermost first: {@code [32, 64]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
