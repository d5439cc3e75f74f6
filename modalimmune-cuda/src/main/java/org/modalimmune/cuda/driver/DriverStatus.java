package org.modalimmune.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.modalimmune.cuda.error.CudaException;

/** Turns the status of a driver call into an exception. */
final class DriverStatus {
  private DriverStatus() {}

  /**
   * Does nothing for success.
   *
   * @throws CudaException for every other status
   */
  static void check(String call, int status, String device) {
    if (status != CUresult.CUDA_SUCCESS) {
      throw new CudaException(call, name(status), explanation(status), device);
    }
  }

  /** The status's name in CUDA's headers; its number if the driver does not know it. */
  static String name(int status) {
    String[] name = new String[1];
    JCudaDriver.cuGetErrorName(status, name);
    return name[0] == null || name[0].isEmpty() ? "CUDA error " + status : name[0];
  }

  /** What the status means, in the driver's words. */
  static String explanation(int status) {
    String[] text = new String[1];
    JCudaDriver.cuGetErrorString(status, text);
    return text[0] == null || text[0].isEmpty() ? "no explanation from the driver" : text[0];
  }
}
