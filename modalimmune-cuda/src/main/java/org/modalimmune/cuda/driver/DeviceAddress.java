package org.modalimmune.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** An address in device memory, as JCuda wants it. */
final class DeviceAddress extends CUdeviceptr {
  /** To be filled by an allocating call. */
  DeviceAddress() {}

  DeviceAddress(long address) {
    super(new CUdeviceptr(), address);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
