package org.modalimmune.cuda.library.jcuda;

import jcuda.Pointer;

/** An address, as JCuda wants it. */
final class RawPointer extends Pointer {
  RawPointer(long address) {
    super(address);
  }
}
