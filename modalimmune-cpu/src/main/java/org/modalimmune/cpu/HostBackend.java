package org.modalimmune.cpu;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.cpu.memory.HostAllocator;

/**
 * A backend whose memory is the host's.
 *
 * @param name the provider's name
 * @param device the device in words
 * @param allocator the memory
 * @param kernels the kernels
 * @param stopWorkers run before the memory is freed
 */
record HostBackend(
    String name, String device, HostAllocator allocator, Kernels kernels, Runnable stopWorkers)
    implements Backend {
  @Override
  public void close() {
    stopWorkers.run();
    allocator.close();
  }
}
