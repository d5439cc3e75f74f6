package org.modalimmune.cpu.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every task runs once, whoever runs it. */
class WorkerPoolTest {
  @Property(tries = 100)
  void everyTaskRunsOnce(
      @ForAll @IntRange(min = 1, max = 5) int threads, @ForAll @IntRange(max = 60) int count) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int call = 0; call < 20; call++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        pool.run(count, runs::incrementAndGet);
        assertRanOnce(runs);
      }
    }
  }

  @Test
  void workersWakeAfterAPause() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      for (int call = 0; call < 5; call++) {
        Thread.sleep(5);
        AtomicIntegerArray runs = new AtomicIntegerArray(50);
        pool.run(50, runs::incrementAndGet);
        assertRanOnce(runs);
      }
    }
  }

  @Test
  void callsInsideCallsAndFromSeveralThreadsFinish() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(3 * 16 * 4);
      Thread[] callers = new Thread[3];
      for (int c = 0; c < callers.length; c++) {
        int base = c * 64;
        callers[c] =
            new Thread(
                () -> pool.run(16, i -> pool.run(4, j -> runs.incrementAndGet(base + 4 * i + j))));
        callers[c].start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertRanOnce(runs);
    }
  }

  @Test
  void aFailureReachesTheCallerAndThePoolLivesOn() {
    try (WorkerPool pool = new WorkerPool(2)) {
      IllegalStateException failure = new IllegalStateException("task 3");
      AtomicIntegerArray runs = new AtomicIntegerArray(8);
      IllegalStateException seen =
          assertThrows(
              IllegalStateException.class,
              () ->
                  pool.run(
                      8,
                      i -> {
                        runs.incrementAndGet(i);
                        if (i == 3) {
                          throw failure;
                        }
                      }));
      assertSame(failure, seen);
      assertRanOnce(runs);
      AtomicIntegerArray next = new AtomicIntegerArray(8);
      pool.run(8, next::incrementAndGet);
      assertRanOnce(next);
    }
  }

  @Test
  void aClosedPoolLeavesTheWorkToTheCaller() {
    WorkerPool pool = new WorkerPool(2);
    pool.close();
    Thread[] ran = new Thread[4];
    pool.run(4, i -> ran[i] = Thread.currentThread());
    Thread[] expected = new Thread[4];
    Arrays.fill(expected, Thread.currentThread());
    assertArrayEquals(expected, ran);
    assertEquals(2, pool.threads());
  }

  private static void assertRanOnce(AtomicIntegerArray runs) {
    for (int i = 0; i < runs.length(); i++) {
      assertEquals(1, runs.get(i), "task " + i);
    }
  }
}
