package org.modalimmune.cuda.memory;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.modalimmune.cuda.driver.Device;
import org.modalimmune.cuda.driver.DeviceMemory;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.tensor.Storage;

/**
 * Pooled memory of one device in the order of one stream: a released block can be taken again at
 * once, since all work on it is queued behind the work that used it before. A training loop stops
 * asking the driver after its first step.
 *
 * <p>When the device or the limit is exhausted, all unused blocks go back to the driver and the
 * request is tried once more. Closing frees everything; storages in use then throw {@link
 * IllegalStateException}.
 */
public final class DeviceAllocator implements Allocator, AutoCloseable {
  private final Stream stream;
  private final Device device;
  private final long limitBytes;
  private final HostCopies transfer;

  // All of the following is guarded by the stream.
  private final Set<Block> blocks = new HashSet<>();
  private final BlockPool shared = new BlockPool();
  private BlockPool current = shared;
  private long reserved;
  private long inUse;
  private long storages;
  private volatile boolean closed;

  /**
   * @param stream the only stream that uses the memory
   * @param limitBytes most bytes to take from the driver
   */
  public DeviceAllocator(Stream stream, long limitBytes) {
    this.stream = stream;
    this.device = stream.device();
    this.limitBytes = limitBytes;
    this.transfer = new HostCopies(stream);
  }

  @Override
  public String deviceName() {
    return device.deviceName();
  }

  /** How much is in use and reserved at this moment. */
  public MemoryStatistics statistics() {
    synchronized (stream) {
      return new MemoryStatistics(inUse, storages, reserved);
    }
  }

  @Override
  public DeviceStorage allocate(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("allocate: negative size " + bytes);
    }
    if (bytes > SizeClass.MAX_BYTES) {
      requireOpen();
      throw outOfMemory(bytes);
    }
    int sizeClass = SizeClass.of(bytes);
    synchronized (stream) {
      requireOpen();
      Optional<Block> pooled = current.take(sizeClass);
      if (pooled.isEmpty() && current != shared) {
        pooled = shared.take(sizeClass);
      }
      Block block = pooled.isPresent() ? pooled.get() : takeFromDevice(sizeClass, bytes);
      block.moveTo(current);
      inUse += block.bytes();
      storages++;
      return new DeviceStorage(this, block);
    }
  }

  @Override
  public void release(Storage storage) {
    if (!(storage instanceof DeviceStorage own) || own.owner() != this) {
      throw new IllegalArgumentException(
          "release: the storage was not allocated by " + deviceName());
    }
    if (!own.markReleased()) {
      throw new IllegalStateException("release: the storage was released before");
    }
    synchronized (stream) {
      inUse -= own.block().bytes();
      storages--;
      if (!closed) {
        stream.released(own.block().address());
        own.block().home().put(own.block());
      }
    }
  }

  /**
   * From here to {@link #endReservation}, every block that is handed out belongs to the
   * reservation: once unused it serves only the reservation itself. Captured work may so be run
   * again without meeting memory that has gone to somebody else.
   */
  public void beginReservation() {
    synchronized (stream) {
      requireOpen();
      if (current != shared) {
        throw new IllegalStateException("capture: one is running already");
      }
      current = new BlockPool();
    }
  }

  /** Ends the reservation, whose blocks stay out of use until it is closed. */
  public Reservation endReservation() {
    synchronized (stream) {
      BlockPool reserved = current;
      current = shared;
      return new Reservation(this, reserved);
    }
  }

  /** Gives all unused blocks back to the driver. */
  public void trim() {
    synchronized (stream) {
      if (current == shared) {
        stream.synchronize();
      } else {
        // A stream that captures cannot be waited for; what it captures uses none of these blocks.
        stream.settle();
      }
      for (Block block : shared.drain()) {
        giveBack(block);
      }
    }
  }

  /** Frees all memory, that of storages in use included. Closing again does nothing. */
  @Override
  public void close() {
    synchronized (stream) {
      if (closed) {
        return;
      }
      try {
        stream.synchronize();
      } finally {
        closed = true;
      }
      for (Block block : blocks) {
        device.free(block.address());
      }
      blocks.clear();
      reserved = 0;
    }
    // Outside the lock: whoever reads takes that of the copies first.
    transfer.close();
  }

  /** Copies from and to the host. */
  public HostCopies transfer() {
    return transfer;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the backend of " + device.description() + " is closed; open it again");
    }
  }

  /** Makes the blocks of a reservation everyone's, those still in use after their release. */
  void dissolve(BlockPool reservation) {
    synchronized (stream) {
      for (Block block : blocks) {
        if (block.home() == reservation) {
          block.moveTo(shared);
        }
      }
      for (Block block : reservation.drain()) {
        shared.put(block);
      }
    }
  }

  private Block takeFromDevice(int sizeClass, long asked) {
    long size = SizeClass.bytes(sizeClass);
    if (size > limitBytes - reserved) {
      trim();
    }
    if (size > limitBytes - reserved) {
      throw outOfMemory(asked);
    }
    long address = device.allocate(size);
    if (address == 0) {
      trim();
      address = device.allocate(size);
    }
    if (address == 0) {
      throw outOfMemory(asked);
    }
    reserved += size;
    Block block = new Block(address, sizeClass, current);
    blocks.add(block);
    return block;
  }

  private void giveBack(Block block) {
    device.free(block.address());
    blocks.remove(block);
    reserved -= block.bytes();
  }

  private OutOfDeviceMemoryException outOfMemory(long bytes) {
    DeviceMemory memory = device.memory();
    return new OutOfDeviceMemoryException(
        device.description()
            + ": "
            + bytes
            + " bytes asked for, "
            + inUse
            + " in use, "
            + memory.freeBytes()
            + " free of "
            + memory.totalBytes()
            + " on the device, limit "
            + limitBytes
            + "; use smaller batches, close scopes earlier, or raise memory-limit-mib");
  }
}
