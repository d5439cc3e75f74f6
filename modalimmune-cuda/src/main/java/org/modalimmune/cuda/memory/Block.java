package org.modalimmune.cuda.memory;

/** A piece of device memory of one size class. */
final class Block {
  private final long address;
  private final int sizeClass;
  private BlockPool home;

  /**
   * @param address where it starts, aligned to 256
   * @param sizeClass index of its size
   * @param home where it waits when it is not in use
   */
  Block(long address, int sizeClass, BlockPool home) {
    this.address = address;
    this.sizeClass = sizeClass;
    this.home = home;
  }

  long address() {
    return address;
  }

  int sizeClass() {
    return sizeClass;
  }

  long bytes() {
    return SizeClass.bytes(sizeClass);
  }

  BlockPool home() {
    return home;
  }

  void moveTo(BlockPool pool) {
    home = pool;
  }
}
