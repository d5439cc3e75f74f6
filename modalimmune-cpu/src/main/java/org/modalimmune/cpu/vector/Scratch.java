package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.Storage;

/**
 * Memory for the time of one kernel call.
 *
 * @param allocator where it goes back to
 * @param storage what was lent
 */
record Scratch(HostAllocator allocator, Storage storage) implements AutoCloseable {
  static Scratch bytes(HostAllocator allocator, long count) {
    return new Scratch(allocator, allocator.allocate(count));
  }

  MemorySegment memory() {
    return ((HostStorage) storage).segment();
  }

  @Override
  public void close() {
    allocator.release(storage);
  }
}
