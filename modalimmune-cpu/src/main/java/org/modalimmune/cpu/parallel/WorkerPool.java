package org.modalimmune.cpu.parallel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that share the tasks of one kernel call; the caller is one of them.
 * When another thread's call has the workers, the caller runs its tasks alone: results never depend
 * on who runs a task.
 */
public final class WorkerPool implements AutoCloseable {
  // about 20 microseconds: kernels of a training step follow each other faster than a thread wakes
  // up
  private static final int SPINS_BEFORE_PARK = 2_000;

  private final Worker[] workers;
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile Job current = Job.NONE;
  private volatile boolean closed;

  /**
   * @param threads number of threads, the caller included
   */
  public WorkerPool(int threads) {
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker();
      workers[i].thread.start();
    }
  }

  /** Number of threads that work on a call, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /** Runs tasks 0 .. count - 1, in any order, and returns when all are done. */
  public void run(int count, Task task) {
    if (workers.length == 0 || count <= 1 || closed || !taken.compareAndSet(false, true)) {
      for (int i = 0; i < count; i++) {
        task.run(i);
      }
      return;
    }
    try {
      Job job = new Job(count, task);
      current = job;
      for (Worker w : workers) {
        if (w.parked) {
          LockSupport.unpark(w.thread);
        }
      }
      job.work();
      job.await();
    } finally {
      current = Job.NONE;
      taken.set(false);
    }
  }

  /** Stops the threads after the call they are in. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Worker w : workers) {
      LockSupport.unpark(w.thread);
      while (w.thread.isAlive()) {
        try {
          w.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Worker implements Runnable {
    private final Thread thread =
        Thread.ofPlatform().daemon().name("modalimmune-cpu").unstarted(this);
    private volatile boolean parked;

    @Override
    public void run() {
      Job last = Job.NONE;
      int spins = 0;
      while (!closed) {
        Job job = current;
        if (job != last) {
          last = job;
          job.work();
          spins = 0;
        } else if (++spins < SPINS_BEFORE_PARK) {
          Thread.onSpinWait();
        } else {
          parked = true;
          // looked at once more: a job set before the flag would not unpark this thread
          if (current == last && !closed) {
            LockSupport.park(WorkerPool.this);
          }
          parked = false;
          spins = 0;
        }
      }
    }
  }
}
