package org.modalimmune.cuda.memory;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cuda.driver.Device;
import org.modalimmune.cuda.driver.Event;
import org.modalimmune.cuda.driver.PinnedMemory;

/** A piece of pinned memory, and the mark behind its last use by the device. */
final class PinnedSlot implements AutoCloseable {
  private final PinnedMemory memory;
  private final Event event;

  PinnedSlot(Device device, long bytes) {
    memory = new PinnedMemory(device, bytes);
    try {
      event = new Event(device);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  MemorySegment segment() {
    return memory.segment();
  }

  Event event() {
    return event;
  }

  @Override
  public void close() {
    event.close();
    memory.close();
  }
}
