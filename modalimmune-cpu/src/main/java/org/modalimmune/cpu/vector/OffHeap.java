package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Why loops that store vectors begin with {@code isNative()}: it tells the optimising compiler what
 * the memory is.
 *
 * <p>The type profile of {@code intoMemorySegment} belongs to the whole process, and reinterpreting
 * a vector's bits as integers, before it is compiled, stores them in an array of the heap. A loop
 * that is compiled later then expects either kind of memory: it reads all segments' fields again
 * after each store, and takes two to three times as long. A call in the loop's own method has a
 * profile of its own, and what follows it is compiled for native memory alone; in a method that is
 * called from there it is of no use.
 */
final class OffHeap {
  private OffHeap() {}

  /** What to throw for memory that is an array of the heap. */
  static IllegalArgumentException refusal(MemorySegment memory) {
    return new IllegalArgumentException("kernel: stores to native memory only, got " + memory);
  }
}
