package org.modalimmune.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** An address in native memory of the host, as JCuda wants it. */
final class HostAddress extends Pointer {
  /** To be filled by an allocating call. */
  HostAddress() {}

  /** The start of a native segment, which must outlive every use. */
  HostAddress(MemorySegment segment) {
    super(segment.address());
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
