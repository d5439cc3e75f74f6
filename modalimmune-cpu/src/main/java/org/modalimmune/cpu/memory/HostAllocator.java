package org.modalimmune.cpu.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.tensor.Storage;

/**
 * Pooled native memory, aligned to 64 bytes. Released blocks are kept by size for the next request,
 * so that a training loop stops asking the operating system after its first step.
 *
 * <p>Blocks up to 64 KiB are cut from slabs of 1 MiB that live as long as the allocator; each
 * larger block has an arena of its own and is given back once more than the retention limit lies
 * unused. Closing frees everything; storages in use then throw {@link IllegalStateException}.
 */
public final class HostAllocator implements Allocator, AutoCloseable {
  private static final long ALIGNMENT = 64;
  private static final long SLAB_BYTES = 1L << 20;
  private static final long LARGEST_IN_SLAB = 1L << 16;

  private final String deviceName;
  private final long limitBytes;
  private final long retainBytes;
  private final FreeList[] free = new FreeList[SizeClass.COUNT];
  private final AtomicLong inUse = new AtomicLong();
  private final AtomicLong storages = new AtomicLong();
  private final AtomicLong retained = new AtomicLong();

  // guarded by this
  private final Set<Arena> arenas = new HashSet<>();
  private MemorySegment slab = MemorySegment.NULL;
  private Arena slabArena = Arena.global();
  private long slabUsed;
  private long reserved;
  private volatile boolean closed;

  /**
   * @param deviceName name for messages
   * @param limitBytes most bytes to take from the operating system
   * @param retainBytes most bytes of unused blocks above 64 KiB to keep for reuse
   */
  public HostAllocator(String deviceName, long limitBytes, long retainBytes) {
    this.deviceName = deviceName;
    this.limitBytes = limitBytes;
    this.retainBytes = retainBytes;
    for (int i = 0; i < free.length; i++) {
      free[i] = new FreeList();
    }
  }

  @Override
  public String deviceName() {
    return deviceName;
  }

  /** How much is in use and reserved at this moment. */
  public MemoryStatistics statistics() {
    synchronized (this) {
      return new MemoryStatistics(inUse.get(), storages.get(), reserved);
    }
  }

  @Override
  public Storage allocate(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("allocate: negative size " + bytes);
    }
    requireOpen();
    if (bytes > SizeClass.MAX_BYTES) {
      throw outOfMemory(bytes);
    }
    int sizeClass = SizeClass.of(bytes);
    long size = SizeClass.bytes(sizeClass);
    Optional<Block> pooled = free[sizeClass].pop();
    Block block;
    if (pooled.isPresent()) {
      block = pooled.get();
      if (!block.slab()) {
        retained.addAndGet(-size);
      }
    } else {
      block = size <= LARGEST_IN_SLAB ? cutFromSlab(sizeClass, size) : reserve(sizeClass, size);
    }
    inUse.addAndGet(size);
    storages.incrementAndGet();
    return new HostStorage(this, block);
  }

  @Override
  public void release(Storage storage) {
    if (!(storage instanceof HostStorage host) || host.owner() != this) {
      throw new IllegalArgumentException("release: the storage was not allocated by " + deviceName);
    }
    if (!host.markReleased()) {
      throw new IllegalStateException("release: the storage was released before");
    }
    Block block = host.block();
    long size = block.segment().byteSize();
    inUse.addAndGet(-size);
    storages.decrementAndGet();
    if (closed) {
      return;
    }
    if (block.slab()) {
      free[block.sizeClass()].push(block);
    } else if (retained.addAndGet(size) <= retainBytes) {
      free[block.sizeClass()].push(block);
    } else {
      retained.addAndGet(-size);
      giveBack(block);
    }
  }

  /** Frees all memory, that of storages in use included. Closing again does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Arena arena : arenas) {
      arena.close();
    }
    arenas.clear();
    reserved = 0;
  }

  private synchronized Block cutFromSlab(int sizeClass, long size) {
    requireOpen();
    if (slabUsed + size > slab.byteSize()) {
      Arena arena = newArena();
      slab = takeFromSystem(arena, SLAB_BYTES, size);
      slabArena = arena;
      slabUsed = 0;
    }
    MemorySegment segment = slab.asSlice(slabUsed, size);
    slabUsed += size;
    return new Block(segment, slabArena, sizeClass, true);
  }

  private synchronized Block reserve(int sizeClass, long size) {
    requireOpen();
    Arena arena = newArena();
    return new Block(takeFromSystem(arena, size, size), arena, sizeClass, false);
  }

  // closed by giveBack() or close(), not by a block of code
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena newArena() {
    return Arena.ofShared();
  }

  private MemorySegment takeFromSystem(Arena arena, long bytes, long asked) {
    if (bytes > limitBytes - reserved) {
      trim();
    }
    if (bytes > limitBytes - reserved) {
      arena.close();
      throw outOfMemory(asked);
    }
    MemorySegment segment;
    try {
      segment = arena.allocate(bytes, ALIGNMENT);
    } catch (OutOfMemoryError e) {
      arena.close();
      OutOfDeviceMemoryException failure = outOfMemory(asked);
      failure.initCause(e);
      throw failure;
    }
    reserved += bytes;
    arenas.add(arena);
    return segment;
  }

  private void trim() {
    for (int i = SizeClass.of(LARGEST_IN_SLAB) + 1; i < free.length; i++) {
      for (Optional<Block> b = free[i].pop(); b.isPresent(); b = free[i].pop()) {
        retained.addAndGet(-b.get().segment().byteSize());
        giveBack(b.get());
      }
    }
  }

  private synchronized void giveBack(Block block) {
    if (arenas.remove(block.arena())) {
      reserved -= block.segment().byteSize();
      block.arena().close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "allocate: the backend " + deviceName + " is closed; open it again");
    }
  }

  private OutOfDeviceMemoryException outOfMemory(long bytes) {
    return new OutOfDeviceMemoryException(
        deviceName
            + ": "
            + bytes
            + " bytes asked for, "
            + inUse.get()
            + " in use, limit "
            + limitBytes
            + "; use smaller batches, close scopes earlier, or raise memory-limit-mib");
  }
}
