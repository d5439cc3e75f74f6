package org.modalimmune.cuda.driver;

import jcuda.driver.CUstream;

/** A stream whose native handle can be read. */
final class StreamHandle extends CUstream {
  StreamHandle() {}

  long value() {
    return getNativePointer();
  }
}
