package org.modalimmune.cuda.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/** Memory of a device. Using it after its release is an error, never a crash. */
public final class DeviceStorage implements Storage, AutoCloseable {
  private final DeviceAllocator owner;
  private final Block block;
  private final AtomicBoolean released = new AtomicBoolean();

  DeviceStorage(DeviceAllocator owner, Block block) {
    this.owner = owner;
    this.block = block;
  }

  /** The memory behind a tensor of this kind of device. */
  public static DeviceStorage of(Tensor t) {
    if (t.storage() instanceof DeviceStorage device) {
      return device;
    }
    throw new IllegalArgumentException(
        "storage: " + t + " is not in the memory of a CUDA device; copy its values over");
  }

  /**
   * Address of a tensor's first element.
   *
   * @throws IllegalArgumentException if the tensor lives on another kind of device
   * @throws IllegalStateException if its scope is closed
   */
  public static long addressOf(Tensor t) {
    return of(t).address() + t.offset() * t.dtype().byteSize();
  }

  /**
   * Address of the first byte.
   *
   * @throws IllegalStateException if the storage was released or its backend is closed
   */
  public long address() {
    if (released.getPlain()) {
      throw new IllegalStateException("storage: used after its release");
    }
    owner.requireOpen();
    return block.address();
  }

  @Override
  public long byteSize() {
    return block.bytes();
  }

  @Override
  public void write(long byteOffset, MemorySegment source) {
    requireInside(byteOffset, source.byteSize());
    owner.transfer().write(address() + byteOffset, source);
  }

  @Override
  public void read(long byteOffset, MemorySegment target) {
    requireInside(byteOffset, target.byteSize());
    owner.transfer().read(address() + byteOffset, target);
  }

  /** Gives the memory back; work that was given to the stream before may still use it. */
  @Override
  public void close() {
    owner.release(this);
  }

  DeviceAllocator owner() {
    return owner;
  }

  Block block() {
    return block;
  }

  /** False if the storage was released before. */
  boolean markReleased() {
    return released.compareAndSet(false, true);
  }

  private void requireInside(long byteOffset, long bytes) {
    if (byteOffset < 0 || bytes > block.bytes() - byteOffset) {
      throw new IndexOutOfBoundsException(
          "storage: " + bytes + " bytes at " + byteOffset + " outside " + block.bytes());
    }
  }
}
