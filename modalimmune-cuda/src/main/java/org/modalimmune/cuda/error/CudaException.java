package org.modalimmune.cuda.error;

/** A call to the CUDA driver or to one of its libraries failed. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final String error;
  private final String device;

  /**
   * @param call the function that failed
   * @param error the error's name in CUDA's headers, or its number
   * @param explanation what the error means, and the likely fix if there is one
   * @param device the device in use, such as {@code cuda:0 (Tesla T4)}
   */
  public CudaException(String call, String error, String explanation, String device) {
    super(device + ": " + call + " failed: " + error + ": " + explanation);
    this.call = call;
    this.error = error;
    this.device = device;
  }

  /** The function that failed, such as {@code cuMemAlloc}. */
  public String call() {
    return call;
  }

  /** The error's name, such as {@code CUDA_ERROR_INVALID_VALUE}. */
  public String error() {
    return error;
  }

  /** The device in use. */
  public String device() {
    return device;
  }
}
