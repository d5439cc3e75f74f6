package org.modalimmune.cuda.driver;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.modalimmune.cuda.error.CudaException;

/** Compiled code in a device's memory. */
public final class DeviceModule implements AutoCloseable {
  private final Device device;
  private final CUmodule module = new CUmodule();

  /**
   * Loads a module.
   *
   * @param device where to; must stay open
   * @param cubin code for the device's architecture
   */
  public DeviceModule(Device device, byte[] cubin) {
    this.device = device;
    device.makeCurrent();
    DriverStatus.check(
        "cuModuleLoadData", JCudaDriver.cuModuleLoadData(module, cubin), device.description());
  }

  /**
   * An entry of the module.
   *
   * @throws CudaException if there is none of that name
   */
  public DeviceKernel kernel(String entry) {
    device.makeCurrent();
    CUfunction function = new CUfunction();
    DriverStatus.check(
        "cuModuleGetFunction(" + entry + ")",
        JCudaDriver.cuModuleGetFunction(function, module, entry),
        device.description());
    return new DeviceKernel(entry, function, device.description());
  }

  @Override
  public void close() {
    device.makeCurrent();
    DriverStatus.check("cuModuleUnload", JCudaDriver.cuModuleUnload(module), device.description());
  }
}
