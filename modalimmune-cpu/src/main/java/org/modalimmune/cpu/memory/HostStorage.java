package org.modalimmune.cpu.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/** Native memory of the host. Using it after its release is an error, never a crash. */
public final class HostStorage implements Storage {
  private final HostAllocator owner;
  private final Block block;
  private final AtomicBoolean released = new AtomicBoolean();

  HostStorage(HostAllocator owner, Block block) {
    this.owner = owner;
    this.block = block;
  }

  /**
   * The memory behind a tensor.
   *
   * @throws IllegalArgumentException if the tensor lives on another kind of device
   * @throws IllegalStateException if its scope is closed
   */
  public static MemorySegment segmentOf(Tensor t) {
    if (t.storage() instanceof HostStorage host) {
      return host.segment();
    }
    throw new IllegalArgumentException(
        "storage: " + t + " is not in host memory; copy its values over");
  }

  /**
   * The memory, aligned to 64 bytes.
   *
   * @throws IllegalStateException if the storage was released
   */
  public MemorySegment segment() {
    if (released.getPlain()) {
      throw new IllegalStateException("storage: used after its release");
    }
    return block.segment();
  }

  @Override
  public long byteSize() {
    return block.segment().byteSize();
  }

  @Override
  public void write(long byteOffset, MemorySegment source) {
    MemorySegment.copy(source, 0, segment(), byteOffset, source.byteSize());
  }

  @Override
  public void read(long byteOffset, MemorySegment target) {
    MemorySegment.copy(segment(), byteOffset, target, 0, target.byteSize());
  }

  HostAllocator owner() {
    return owner;
  }

  Block block() {
    return block;
  }

  /** False if the storage was released before. */
  boolean markReleased() {
    return released.compareAndSet(false, true);
  }
}
