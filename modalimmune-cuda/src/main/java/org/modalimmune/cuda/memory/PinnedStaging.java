package org.modalimmune.cuda.memory;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.cuda.driver.Device;

/** A few pieces of pinned memory that are taken in turn; made at first use. */
final class PinnedStaging implements AutoCloseable {
  /** Large enough to run at the bus's full speed, small enough to keep for good. */
  static final int SLOT_BYTES = 1 << 20;

  private final Device device;
  private final int count;
  private final List<PinnedSlot> slots = new ArrayList<>();

  PinnedStaging(Device device, int count) {
    this.device = device;
    this.count = count;
  }

  /** Number of pieces. */
  int count() {
    return count;
  }

  /** A piece; the device may still be using it until its event has passed. */
  PinnedSlot slot(long turn) {
    int index = (int) (turn % count);
    while (slots.size() <= index) {
      slots.add(new PinnedSlot(device, SLOT_BYTES));
    }
    return slots.get(index);
  }

  @Override
  public void close() {
    for (PinnedSlot slot : slots) {
      slot.close();
    }
    slots.clear();
  }
}
