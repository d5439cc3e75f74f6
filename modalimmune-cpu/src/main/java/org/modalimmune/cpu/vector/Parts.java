package org.modalimmune.cpu.vector;

import org.modalimmune.cpu.parallel.WorkerPool;

/** Into how many parts the units of a kernel call are shared out. */
final class Parts {
  private Parts() {}

  static int of(WorkerPool workers, int units, long elements, long elementsPerPart) {
    return (int) Math.min(Math.min(units, workers.threads() * 2L), 1 + elements / elementsPerPart);
  }
}
