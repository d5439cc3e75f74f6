package org.modalimmune.cpu.vector;

import org.modalimmune.tensor.Tensor;

/**
 * The leading axes of a batched matrix product; positions are relative to each tensor's first
 * element.
 */
final class Batch {
  private final Tensor a;
  private final Tensor b;
  private final Tensor out;
  private final int axes;
  private final long count;

  Batch(Tensor a, Tensor b, Tensor out) {
    this.a = a;
    this.b = b;
    this.out = out;
    this.axes = out.shape().rank() - 2;
    long product = 1;
    for (int i = 0; i < axes; i++) {
      product *= out.shape().dim(i);
    }
    this.count = product;
  }

  /** Number of matrix products. */
  long count() {
    return count;
  }

  long aAt(long index) {
    return at(a, index);
  }

  long bAt(long index) {
    return at(b, index);
  }

  long outAt(long index) {
    return at(out, index);
  }

  /**
   * Whether all products share one B and the As and outputs lie below each other: one tall product.
   */
  boolean isTall() {
    return axes == 0 || (isShared(b) && isStacked(a) && isStacked(out));
  }

  private boolean isShared(Tensor t) {
    for (int i = 0; i < axes; i++) {
      if (t.stride(i) != 0 && t.shape().dim(i) != 1) {
        return false;
      }
    }
    return true;
  }

  private boolean isStacked(Tensor t) {
    long expected = t.shape().dim(-2) * t.stride(-2);
    for (int i = axes - 1; i >= 0; i--) {
      if (t.shape().dim(i) != 1 && t.stride(i) != expected) {
        return false;
      }
      expected *= t.shape().dim(i);
    }
    return true;
  }

  private long at(Tensor t, long index) {
    long position = 0;
    for (int i = axes - 1; i >= 0; i--) {
      long size = t.shape().dim(i);
      position += index % size * t.stride(i);
      index /= size;
    }
    return position;
  }
}
