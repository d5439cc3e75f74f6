package org.modalimmune.cuda.driver;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.modalimmune.cuda.error.CudaException;

/**
 * One device with its primary context, which is shared with every other user of the device in this
 * process and retained until {@link #close}.
 */
public final class Device implements AutoCloseable {
  private final int ordinal;
  private final CUdevice handle = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final String name;
  private final String description;
  private final int capability;
  private final int multiprocessors;
  private final int sharedMemoryPerBlock;

  /**
   * Opens a device.
   *
   * @param ordinal its number among the visible ones, from 0
   * @throws CudaException if the driver cannot start or there is no such device
   */
  public Device(int ordinal) {
    this.ordinal = ordinal;
    String number = deviceName();
    DriverStatus.check("cuInit", JCudaDriver.cuInit(0), number);
    DriverStatus.check("cuDeviceGet", JCudaDriver.cuDeviceGet(handle, ordinal), number);
    name = DeviceProbe.name(handle);
    description = number + " (" + name + ")";
    capability = DeviceProbe.capability(handle);
    multiprocessors =
        DeviceProbe.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, handle);
    sharedMemoryPerBlock =
        DeviceProbe.attribute(
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, handle);
    DriverStatus.check(
        "cuDevicePrimaryCtxRetain",
        JCudaDriver.cuDevicePrimaryCtxRetain(context, handle),
        description);
  }

  /** Its number among the visible devices. */
  public int ordinal() {
    return ordinal;
  }

  /** Short name for messages, such as {@code cuda:0}. */
  public String deviceName() {
    return "cuda:" + ordinal;
  }

  /** The product's name. */
  public String name() {
    return name;
  }

  /** Number and product name, such as {@code cuda:0 (Tesla T4)}. */
  public String description() {
    return description;
  }

  /** Compute capability as one number: 75 for 7.5. */
  public int capability() {
    return capability;
  }

  /** Number of streaming multiprocessors. */
  public int multiprocessors() {
    return multiprocessors;
  }

  /** Most shared memory of one block, with the kernel's consent, in bytes. */
  public int sharedMemoryPerBlock() {
    return sharedMemoryPerBlock;
  }

  /** Makes the context that of the calling thread. Costs little if it is already. */
  public void makeCurrent() {
    DriverStatus.check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context), description);
  }

  /** Waits for all work of the context, that of other users included. */
  public void synchronize() {
    makeCurrent();
    DriverStatus.check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize(), description);
  }

  /**
   * Takes memory from the device.
   *
   * @param bytes at least 1
   * @return its address, aligned to 256; 0 if the device has not enough left
   */
  public long allocate(long bytes) {
    makeCurrent();
    DeviceAddress address = new DeviceAddress();
    int status = JCudaDriver.cuMemAlloc(address, bytes);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return 0;
    }
    DriverStatus.check("cuMemAlloc", status, description);
    return address.value();
  }

  /** Gives memory of {@link #allocate} back. Waits for the work that uses it. */
  public void free(long address) {
    makeCurrent();
    DriverStatus.check("cuMemFree", JCudaDriver.cuMemFree(new DeviceAddress(address)), description);
  }

  /** Free and total memory at this moment, all processes counted. */
  public DeviceMemory memory() {
    makeCurrent();
    long[] free = new long[1];
    long[] total = new long[1];
    DriverStatus.check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total), description);
    return new DeviceMemory(free[0], total[0]);
  }

  /** Releases the context. All streams, modules and memory must have been closed. */
  @Override
  public void close() {
    DriverStatus.check(
        "cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handle), description);
  }
}
