package org.modalimmune.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;

/** Page-locked memory of the host, which copies can run from while the program goes on. */
public final class PinnedMemory implements AutoCloseable {
  private final Device device;
  private final HostAddress address = new HostAddress();
  private final MemorySegment segment;

  /**
   * @param device whose context owns it
   * @param bytes at least 1
   */
  public PinnedMemory(Device device, long bytes) {
    this.device = device;
    device.makeCurrent();
    DriverStatus.check(
        "cuMemAllocHost", JCudaDriver.cuMemAllocHost(address, bytes), device.description());
    segment = MemorySegment.ofAddress(address.value()).reinterpret(bytes);
  }

  /** The memory; not to be used after {@link #close}. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    device.makeCurrent();
    DriverStatus.check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(address), device.description());
  }
}
