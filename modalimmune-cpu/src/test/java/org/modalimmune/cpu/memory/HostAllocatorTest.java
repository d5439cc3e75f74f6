package org.modalimmune.cpu.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.tensor.Storage;

/** The pool: what it hands out, keeps, and gives back. */
class HostAllocatorTest {
  private static final long MEBIBYTE = 1 << 20;

  @Property
  void sizeClassesHoldWhatTheyAreAskedFor(@ForAll @LongRange(min = 0, max = 1L << 62) long bytes) {
    int sizeClass = SizeClass.of(bytes);
    long size = SizeClass.bytes(sizeClass);
    assertTrue(size >= bytes && size % 64 == 0);
    assertTrue(
        sizeClass == 0 || SizeClass.bytes(sizeClass - 1) < bytes, "a smaller class would do");
    assertTrue(bytes <= 256 || size <= bytes + bytes / 4 + 64);
  }

  @Property(tries = 50)
  void storagesAreAlignedAndDisjoint(@ForAll long seed) {
    Random random = new Random(seed);
    try (HostAllocator allocator = new HostAllocator("test", 1L << 30, 8 * MEBIBYTE)) {
      List<HostStorage> held = new ArrayList<>();
      long inUse = 0;
      for (int step = 0; step < 300; step++) {
        if (held.isEmpty() || random.nextInt(3) > 0) {
          HostStorage s = (HostStorage) allocator.allocate(1L << random.nextInt(20));
          assertEquals(0, s.segment().address() % 64);
          for (HostStorage other : held) {
            assertTrue(s.segment().asOverlappingSlice(other.segment()).isEmpty());
          }
          held.add(s);
          inUse += s.byteSize();
        } else {
          HostStorage s = held.remove(random.nextInt(held.size()));
          inUse -= s.byteSize();
          allocator.release(s);
        }
        assertEquals(inUse, allocator.statistics().bytesInUse());
        assertEquals(held.size(), allocator.statistics().storagesInUse());
      }
    }
  }

  @Test
  void aLoopStaysFlat() {
    try (HostAllocator allocator = new HostAllocator("test", 1L << 30, 64 * MEBIBYTE)) {
      long reserved = 0;
      for (int step = 0; step < 10_000; step++) {
        List<Storage> used = new ArrayList<>();
        for (long bytes = 64; bytes <= 4 * MEBIBYTE; bytes *= 4) {
          used.add(allocator.allocate(bytes));
        }
        used.forEach(allocator::release);
        if (step == 0) {
          reserved = allocator.statistics().bytesReserved();
        }
      }
      assertEquals(reserved, allocator.statistics().bytesReserved());
      assertEquals(0, allocator.statistics().bytesInUse());
    }
  }

  @Test
  void unusedLargeBlocksBeyondTheLimitGoBack() {
    try (HostAllocator allocator = new HostAllocator("test", 1L << 30, 4 * MEBIBYTE)) {
      List<Storage> used = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        used.add(allocator.allocate(MEBIBYTE));
      }
      assertEquals(16 * MEBIBYTE, allocator.statistics().bytesReserved());
      used.forEach(allocator::release);
      assertEquals(4 * MEBIBYTE, allocator.statistics().bytesReserved());
    }
  }

  @Test
  void keptBlocksGiveWayToARequestOfAnotherSize() {
    try (HostAllocator allocator = new HostAllocator("test", 8 * MEBIBYTE, 8 * MEBIBYTE)) {
      Storage first = allocator.allocate(6 * MEBIBYTE);
      allocator.release(first);
      Storage second = allocator.allocate(7 * MEBIBYTE);
      assertEquals(7 * MEBIBYTE, second.byteSize());
      OutOfDeviceMemoryException refused =
          assertThrows(OutOfDeviceMemoryException.class, () -> allocator.allocate(2 * MEBIBYTE));
      assertTrue(refused.getMessage().contains(Long.toString(2 * MEBIBYTE)), refused.getMessage());
      allocator.release(second);
      allocator.release(allocator.allocate(2 * MEBIBYTE));
    }
  }

  @Test
  void requestsBeyondAllMemoryAreRefused() {
    try (HostAllocator allocator = new HostAllocator("test", Long.MAX_VALUE, MEBIBYTE)) {
      for (long bytes : new long[] {1L << 60, 1L << 62, Long.MAX_VALUE}) {
        assertThrows(OutOfDeviceMemoryException.class, () -> allocator.allocate(bytes));
      }
      assertEquals(0, allocator.statistics().bytesReserved());
      assertThrows(IllegalArgumentException.class, () -> allocator.allocate(-1));
    }
  }

  @Test
  void misuseIsRefused() {
    try (HostAllocator one = new HostAllocator("one", 1L << 30, MEBIBYTE);
        HostAllocator other = new HostAllocator("other", 1L << 30, MEBIBYTE)) {
      HostStorage s = (HostStorage) one.allocate(100);
      assertThrows(IllegalArgumentException.class, () -> other.release(s));
      one.release(s);
      assertThrows(IllegalStateException.class, () -> one.release(s));
      assertThrows(IllegalStateException.class, s::segment);
      assertThrows(
          IllegalStateException.class, () -> s.read(0, MemorySegment.ofArray(new byte[4])));
    }
  }

  @Test
  void closingEndsEveryAccess() {
    HostAllocator allocator = new HostAllocator("test", 1L << 30, MEBIBYTE);
    HostStorage small = (HostStorage) allocator.allocate(100);
    HostStorage large = (HostStorage) allocator.allocate(MEBIBYTE);
    MemorySegment smallSegment = small.segment();
    MemorySegment largeSegment = large.segment();
    allocator.close();
    assertThrows(IllegalStateException.class, () -> smallSegment.get(ValueLayout.JAVA_FLOAT, 0));
    assertThrows(IllegalStateException.class, () -> largeSegment.get(ValueLayout.JAVA_FLOAT, 0));
    assertThrows(IllegalStateException.class, () -> allocator.allocate(64));
    allocator.release(small);
    allocator.close();
  }

  @Test
  void threadsNeverShareABlock() throws InterruptedException, ExecutionException {
    try (HostAllocator allocator = new HostAllocator("test", 1L << 30, MEBIBYTE);
        ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 1; t <= 4; t++) {
        long mark = t;
        tasks.add(() -> ownsItsBlocks(allocator, mark));
      }
      for (Future<Boolean> done : pool.invokeAll(tasks)) {
        assertTrue(done.get());
      }
      assertEquals(0, allocator.statistics().bytesInUse());
    }
  }

  private static boolean ownsItsBlocks(HostAllocator allocator, long mark) {
    boolean own = true;
    for (int i = 0; i < 5_000; i++) {
      HostStorage s = (HostStorage) allocator.allocate(i % 7 == 0 ? 100_000 : 128);
      s.segment().set(ValueLayout.JAVA_LONG, 0, mark);
      Thread.onSpinWait();
      own &= s.segment().get(ValueLayout.JAVA_LONG, 0) == mark;
      allocator.release(s);
    }
    return own;
  }
}
