package org.modalimmune.cuda.driver;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** One entry of a loaded module. Valid as long as its module. */
public final class DeviceKernel {
  private final String name;
  private final CUfunction function;
  private final String device;
  private volatile int allowedSharedBytes;

  DeviceKernel(String name, CUfunction function, String device) {
    this.name = name;
    this.function = function;
    this.device = device;
  }

  /** The entry's name. */
  public String name() {
    return name;
  }

  /** Most threads of a block, given the registers that the kernel needs. */
  public int maxThreadsPerBlock() {
    int[] value = new int[1];
    DriverStatus.check(
        "cuFuncGetAttribute",
        JCudaDriver.cuFuncGetAttribute(
            value, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, function),
        device);
    return value[0];
  }

  /** Lets launches ask for that much dynamic shared memory; needed above 48 KiB only. */
  public void allowDynamicSharedMemory(int bytes) {
    if (bytes <= allowedSharedBytes) {
      return;
    }
    DriverStatus.check(
        "cuFuncSetAttribute",
        JCudaDriver.cuFuncSetAttribute(
            function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes),
        device);
    allowedSharedBytes = bytes;
  }

  CUfunction function() {
    return function;
  }
}
