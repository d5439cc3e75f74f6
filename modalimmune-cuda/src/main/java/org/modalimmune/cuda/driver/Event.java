package org.modalimmune.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/** A mark in a stream, to wait for and to measure time by. */
public final class Event implements AutoCloseable {
  private final Device device;
  private final CUevent event = new CUevent();

  /**
   * @param device whose context owns it
   */
  public Event(Device device) {
    this.device = device;
    device.makeCurrent();
    DriverStatus.check("cuEventCreate", JCudaDriver.cuEventCreate(event, 0), device.description());
  }

  /** Waits until the device has passed the mark; returns at once if it was never recorded. */
  public void await() {
    device.makeCurrent();
    DriverStatus.check(
        "cuEventSynchronize", JCudaDriver.cuEventSynchronize(event), device.description());
  }

  /** Milliseconds of device time since another mark; both must have been passed. */
  public float millisecondsSince(Event earlier) {
    device.makeCurrent();
    float[] time = new float[1];
    DriverStatus.check(
        "cuEventElapsedTime",
        JCudaDriver.cuEventElapsedTime(time, earlier.event, event),
        device.description());
    return time[0];
  }

  @Override
  public void close() {
    device.makeCurrent();
    DriverStatus.check("cuEventDestroy", JCudaDriver.cuEventDestroy(event), device.description());
  }

  CUevent handle() {
    return event;
  }
}
