package org.modalimmune.cuda.memory;

/** Blocks that only one piece of captured work may use, until it is closed. */
public final class Reservation implements AutoCloseable {
  private final DeviceAllocator allocator;
  private final BlockPool blocks;

  Reservation(DeviceAllocator allocator, BlockPool blocks) {
    this.allocator = allocator;
    this.blocks = blocks;
  }

  /** Gives the blocks back to the pool; the work must have ended. */
  @Override
  public void close() {
    allocator.dissolve(blocks);
  }
}
