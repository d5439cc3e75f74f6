package org.modalimmune.cpu.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** The tasks of one kernel call, claimed one by one by whoever is free. */
final class Job {
  /** Nothing to do. */
  static final Job NONE = new Job(0, i -> {});

  private static final int SPINS_BEFORE_PARK = 10_000;

  private final int count;
  private final Task task;
  private final AtomicInteger claimed = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Job(int count, Task task) {
    this.count = count;
    this.task = task;
  }

  void work() {
    for (int i = claimed.getAndIncrement(); i < count; i = claimed.getAndIncrement()) {
      try {
        task.run(i);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        done.incrementAndGet();
      }
    }
  }

  /** Waits for the tasks that others claimed, then throws the first failure if there was one. */
  void await() {
    int spins = 0;
    while (done.get() < count) {
      if (++spins < SPINS_BEFORE_PARK) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1_000);
      }
    }
    Throwable first = failure.get();
    if (first instanceof Error e) {
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
  }
}
