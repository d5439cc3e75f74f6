package org.modalimmune.tensor;

/** A device could not provide the memory asked for; everything allocated before is still usable. */
public final class OutOfDeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message device, bytes asked for, bytes in use and the limit
   */
  public OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
