package org.modalimmune.tensor;

import java.lang.foreign.MemorySegment;

/**
 * One allocation on one device. Backends define their own kind; tensors are strided views of it.
 *
 * <p>Copies between the host and the storage have completed when the methods return.
 */
public interface Storage {
  /** Usable size in bytes; at least what was asked for. */
  long byteSize();

  /** Copies all of {@code source}, a host segment, to {@code byteOffset} of this storage. */
  void write(long byteOffset, MemorySegment source);

  /** Fills all of {@code target}, a host segment, from {@code byteOffset} of this storage. */
  void read(long byteOffset, MemorySegment target);
}
