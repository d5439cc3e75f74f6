package org.modalimmune.conformance;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.Storage;

/** Memory that starts as NaN, ends in guard bytes, and knows which storages are alive. */
final class AssertingAllocator implements Allocator {
  /** Two float32 NaN, or one float64 NaN, that no computation gives. */
  static final int POISON = 0x7ff8dead;

  private static final int GUARD_BYTES = 256;
  private static final int CHUNK_INTS = 1 << 16;

  private final Allocator inner;
  private final Map<Storage, Long> sizes = Collections.synchronizedMap(new IdentityHashMap<>());

  AssertingAllocator(Allocator inner) {
    this.inner = inner;
  }

  @Override
  public String deviceName() {
    return inner.deviceName();
  }

  @Override
  public Storage allocate(long bytes) {
    // whole float64 words, so that the guard starts at one
    long size = Math.addExact(bytes, 7) & -8;
    Storage storage = inner.allocate(Math.addExact(size, GUARD_BYTES));
    Refusal.require(
        storage.byteSize() >= size + GUARD_BYTES, "allocate: gave less than was asked for");
    int[] poison = new int[(int) Math.min(CHUNK_INTS, (size + GUARD_BYTES) / 4)];
    Arrays.fill(poison, POISON);
    for (long at = 0; at < size + GUARD_BYTES; at += poison.length * 4L) {
      int ints = (int) Math.min(poison.length, (size + GUARD_BYTES - at) / 4);
      storage.write(at, MemorySegment.ofArray(poison).asSlice(0, ints * 4L));
    }
    Refusal.require(sizes.put(storage, size) == null, "allocate: gave a storage that is in use");
    return storage;
  }

  @Override
  public void release(Storage storage) {
    Long size = sizes.remove(storage);
    Refusal.require(size != null, "release: not a live storage of this backend");
    inner.release(storage);
  }

  int live() {
    return sizes.size();
  }

  void requireLive(Storage storage, String what) {
    Refusal.require(sizes.containsKey(storage), what + ": not a live storage of this backend");
  }

  /** All bytes of a storage and its guard. */
  MemorySegment copy(Storage storage) {
    long bytes = sizes.getOrDefault(storage, 0L) + GUARD_BYTES;
    MemorySegment host = MemorySegment.ofArray(new long[Math.toIntExact(bytes / 8)]);
    storage.read(0, host);
    return host;
  }

  static boolean isPoison(MemorySegment host, long at) {
    return host.get(ValueLayout.JAVA_INT, at) == POISON;
  }
}
