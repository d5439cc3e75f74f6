package org.modalimmune.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Owner of tensor memory. Closing a scope frees everything in it at once; using one of its tensors
 * afterwards, or closing it twice, throws {@link IllegalStateException}.
 *
 * <p>A scope is for one thread at a time. It is not tied to any operation: results always go to the
 * scope that the caller names, never to that of an operand.
 */
public final class Scope implements AutoCloseable {
  private final Allocator allocator;
  private final List<Storage> owned = new ArrayList<>();
  private boolean open = true;

  /** An empty scope that draws its memory from {@code allocator}. */
  public Scope(Allocator allocator) {
    this.allocator = allocator;
  }

  /** Where this scope's memory comes from; the identity of the device. */
  public Allocator allocator() {
    return allocator;
  }

  /** Whether this scope's memory comes from {@code other}: the two are one device. */
  @SuppressWarnings("ReferenceEquality") // an allocator is a device, not a value
  public boolean isOn(Allocator other) {
    return allocator == other;
  }

  /** False once the scope has been closed. */
  public boolean isOpen() {
    return open;
  }

  /** A contiguous tensor whose contents are undefined until written. */
  public Tensor allocate(DType dtype, Shape shape) {
    requireOpen();
    long bytes;
    try {
      bytes = Math.multiplyExact(shape.elements(), (long) dtype.byteSize());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "allocate: more than 2^63 - 1 bytes: " + shape + " of " + dtype, e);
    }
    Storage storage = allocator.allocate(bytes);
    owned.add(storage);
    return new Tensor(this, storage, dtype, shape, shape.rowMajorStrides(), 0);
  }

  /**
   * A tensor of the given values in row-major order.
   *
   * @throws IllegalArgumentException if the number of values is not the shape's
   */
  public Tensor of(Shape shape, float... values) {
    requireCount(shape, values.length);
    Tensor t = allocate(DType.FLOAT32, shape);
    t.set(values);
    return t;
  }

  /**
   * A tensor of the given values in row-major order, rounded to {@code dtype}.
   *
   * @throws IllegalArgumentException if the number of values is not the shape's
   */
  public Tensor of(DType dtype, Shape shape, double... values) {
    requireCount(shape, values.length);
    Tensor t = allocate(dtype, shape);
    t.set(values);
    return t;
  }

  /** A tensor of zeros. */
  public Tensor zeros(DType dtype, Shape shape) {
    Tensor t = allocate(dtype, shape);
    HostTransfer.zero(t);
    return t;
  }

  /** Number of allocations that closing would free. */
  public int size() {
    return owned.size();
  }

  /**
   * Frees the memory behind one tensor before the scope is closed. The tensor and all other views
   * of that memory must not be used any more.
   *
   * @throws IllegalArgumentException if the memory is not in this scope, or was released before
   */
  public void release(Tensor tensor) {
    requireOpen();
    Storage storage = tensor.ownedStorage();
    for (int i = owned.size() - 1; i >= 0; i--) {
      if (same(owned.get(i), storage)) {
        owned.remove(i);
        allocator.release(storage);
        return;
      }
    }
    throw new IllegalArgumentException(
        "release: the memory of "
            + tensor
            + " is not in this scope, or was released before; release a tensor once, in the scope"
            + " it was allocated in");
  }

  /** Frees all memory of this scope but that behind {@code kept}; the scope stays open. */
  public void releaseAllBut(List<Tensor> kept) {
    requireOpen();
    int stay = 0;
    for (int i = 0; i < owned.size(); i++) {
      Storage storage = owned.get(i);
      if (isBehindOne(kept, storage)) {
        owned.set(stay++, storage);
      } else {
        allocator.release(storage);
      }
    }
    owned.subList(stay, owned.size()).clear();
  }

  private static boolean isBehindOne(List<Tensor> tensors, Storage storage) {
    for (int i = 0; i < tensors.size(); i++) {
      if (same(tensors.get(i).ownedStorage(), storage)) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // storage is a place in memory, not a value
  private static boolean same(Storage a, Storage b) {
    return a == b;
  }

  /**
   * Frees all memory of this scope.
   *
   * @throws IllegalStateException if the scope is closed already
   */
  @Override
  public void close() {
    if (!open) {
      throw new IllegalStateException(
          "scope: closed twice; close it once, in try-with-resources for example");
    }
    open = false;
    for (Storage s : owned) {
      allocator.release(s);
    }
    owned.clear();
  }

  void requireOpen() {
    if (!open) {
      throw new IllegalStateException(
          "scope: used after close; copy the values out or use a scope that lives longer");
    }
  }

  private static void requireCount(Shape shape, int count) {
    if (shape.elements() != count) {
      throw new IllegalArgumentException(
          "tensor: " + shape + " needs " + shape.elements() + " values, got " + count);
    }
  }
}
