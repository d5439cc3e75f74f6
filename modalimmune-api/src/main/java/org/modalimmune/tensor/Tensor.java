package org.modalimmune.tensor;

import java.util.Arrays;

/**
 * A strided view of device memory: element (i0, i1, ...) lies at {@code offset + sum i_k stride_k},
 * counted in elements. Views (transpose, slice, expand) share the memory of the tensor they come
 * from.
 *
 * <p>The handle is immutable; the elements are not. Every access checks that the owning scope is
 * open.
 */
public final class Tensor {
  private final Scope scope;
  private final Storage storage;
  private final DType dtype;
  private final Shape shape;
  private final long[] strides;
  private final long offset;
  private final boolean contiguous;

  Tensor(Scope scope, Storage storage, DType dtype, Shape shape, long[] strides, long offset) {
    this.scope = scope;
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.contiguous = isRowMajor(shape, strides);
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    long expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      long d = shape.dim(i);
      if (d == 0) {
        return true;
      }
      if (d != 1 && strides[i] != expected) {
        return false;
      }
      expected *= d;
    }
    return true;
  }

  /** The scope that owns the memory. */
  public Scope scope() {
    return scope;
  }

  /** Element type. */
  public DType dtype() {
    return dtype;
  }

  /** Sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** Number of elements. */
  public long elements() {
    return shape.elements();
  }

  /**
   * Stride of an axis in elements; 0 where the axis is expanded. Negative axes count from the end.
   */
  public long stride(int axis) {
    return strides[shape.axis(axis)];
  }

  /** All strides in elements, a copy. */
  public long[] strides() {
    return strides.clone();
  }

  /** Position of the first element in the storage, in elements. */
  public long offset() {
    return offset;
  }

  /** Whether the elements lie densely in row-major order. */
  public boolean isContiguous() {
    return contiguous;
  }

  /**
   * The memory behind this view.
   *
   * @throws IllegalStateException if the scope is closed
   */
  public Storage storage() {
    scope.requireOpen();
    return storage;
  }

  /** The memory behind this view, whether its scope is open or not. */
  Storage ownedStorage() {
    return storage;
  }

  /** View with two axes exchanged. */
  public Tensor transpose(int first, int second) {
    scope.requireOpen();
    int a = shape.axis(first);
    int b = shape.axis(second);
    long[] dims = shape.dims();
    long[] s = strides.clone();
    long d = dims[a];
    dims[a] = dims[b];
    dims[b] = d;
    long t = s[a];
    s[a] = s[b];
    s[b] = t;
    return new Tensor(scope, storage, dtype, new Shape(dims), s, offset);
  }

  /**
   * View of the range {@code [from, to)} of one axis.
   *
   * @throws IndexOutOfBoundsException if the range does not lie inside the axis
   */
  public Tensor slice(int axis, long from, long to) {
    scope.requireOpen();
    int a = shape.axis(axis);
    if (from < 0 || to < from || to > shape.dim(a)) {
      throw new IndexOutOfBoundsException(
          "slice: range [" + from + ", " + to + ") outside axis " + a + " of " + shape);
    }
    return new Tensor(
        scope, storage, dtype, shape.with(a, to - from), strides, offset + from * strides[a]);
  }

  /** View of one position of an axis, the axis removed. */
  public Tensor select(int axis, long index) {
    int a = shape.axis(axis);
    Tensor one = slice(a, index, index + 1);
    long[] s = new long[strides.length - 1];
    System.arraycopy(strides, 0, s, 0, a);
    System.arraycopy(strides, a + 1, s, a, s.length - a);
    return new Tensor(scope, storage, dtype, shape.without(a), s, one.offset);
  }

  /**
   * View stretched to a larger shape: new outer axes, and axes of size 1, get stride 0.
   *
   * @throws IllegalArgumentException if the shape cannot be stretched to {@code target}
   */
  public Tensor expand(Shape target) {
    scope.requireOpen();
    if (target.equals(shape)) {
      return this;
    }
    int lead = target.rank() - shape.rank();
    long[] s = new long[target.rank()];
    for (int i = 0; i < target.rank(); i++) {
      long d = i < lead ? 1 : lead < 0 ? -1 : shape.dim(i - lead);
      if (lead < 0 || (d != target.dim(i) && d != 1)) {
        throw new IllegalArgumentException(
            "expand: " + shape + " cannot be stretched to " + target);
      }
      s[i] = i < lead || d != target.dim(i) ? 0 : strides[i - lead];
    }
    return new Tensor(scope, storage, dtype, target, s, offset);
  }

  /**
   * View of the same elements in row-major order with other sizes. Needs a contiguous tensor; copy
   * it first otherwise.
   *
   * @throws IllegalArgumentException if the element counts differ or the tensor is not contiguous
   */
  public Tensor reshape(Shape target) {
    scope.requireOpen();
    if (target.elements() != shape.elements()) {
      throw new IllegalArgumentException(
          "reshape: element counts differ: " + shape + " to " + target);
    }
    if (!contiguous) {
      throw new IllegalArgumentException(
          "reshape: the view "
              + shape
              + " with strides "
              + Arrays.toString(strides)
              + " is not contiguous; copy it first");
    }
    return new Tensor(scope, storage, dtype, target, target.rowMajorStrides(), offset);
  }

  /**
   * Overwrites all elements with values in row-major order.
   *
   * @throws IllegalArgumentException if the count differs or the view is not contiguous
   */
  public void set(double... values) {
    HostTransfer.write(this, values);
  }

  /**
   * Overwrites all elements with values in row-major order.
   *
   * @throws IllegalArgumentException if the count differs or the view is not contiguous
   */
  public void set(float... values) {
    HostTransfer.write(this, values);
  }

  /** All elements in row-major order as doubles; a float32 converts exactly. */
  public double[] toDoubleArray() {
    return HostTransfer.readDoubles(this);
  }

  /**
   * Writes all elements in row-major order to an array; without another one if they are float64 and
   * contiguous.
   *
   * @throws IllegalArgumentException if the array has not one component per element
   */
  public void copyTo(double[] target) {
    HostTransfer.read(this, target);
  }

  /** All elements in row-major order as floats; a float64 is rounded. */
  public float[] toFloatArray() {
    return HostTransfer.readFloats(this);
  }

  /**
   * The value of a tensor with exactly one element.
   *
   * @throws IllegalStateException if there are more or none
   */
  public double item() {
    if (elements() != 1) {
      throw new IllegalStateException("item: needs exactly one element, shape is " + shape);
    }
    return toDoubleArray()[0];
  }

  /** Type, shape and device; not the values. */
  @Override
  public String toString() {
    return dtype + shape.toString() + "@" + scope.allocator().deviceName();
  }
}
