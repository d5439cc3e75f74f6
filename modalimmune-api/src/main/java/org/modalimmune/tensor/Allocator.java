package org.modalimmune.tensor;

/**
 * Source of device memory: one per opened backend. Two tensors can meet in an operation only if
 * their memory comes from the same allocator. Safe for use by several threads.
 */
public interface Allocator {
  /** Name of the device for messages, such as {@code cpu} or {@code cuda:0}. */
  String deviceName();

  /**
   * Memory of at least {@code bytes} bytes, aligned to 64; contents undefined.
   *
   * @throws OutOfDeviceMemoryException if the device has not enough left; nothing is then allocated
   * @throws IllegalStateException if the backend is closed
   */
  Storage allocate(long bytes);

  /** Takes back memory that {@link #allocate} gave; the storage must not be used any more. */
  void release(Storage storage);
}
