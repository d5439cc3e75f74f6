package org.modalimmune.cuda.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.cuda.driver.PinnedMemory;
import org.modalimmune.cuda.driver.Stream;

/**
 * Copies between the host and the device in the order of the stream. A write returns as soon as the
 * values are in pinned memory; a read waits for them.
 */
public final class HostCopies implements AutoCloseable {
  private final Stream stream;

  // guarded by the stream
  private final PinnedStaging upload;
  private long uploadTurn;
  private int uploadUsed;
  private @Nullable List<PinnedMemory> captured;

  // guarded by itself, which is taken before the stream
  private final PinnedStaging download;

  HostCopies(Stream stream) {
    this.stream = stream;
    this.upload = new PinnedStaging(stream.device(), 4);
    this.download = new PinnedStaging(stream.device(), 2);
  }

  /** Copies a host segment to a device address; the segment is free for reuse on return. */
  public void write(long address, MemorySegment source) {
    synchronized (stream) {
      if (captured != null) {
        writeCaptured(captured, address, source);
        return;
      }
      long done = 0;
      while (done < source.byteSize()) {
        PinnedSlot slot = uploadSlot();
        long bytes = Math.min(source.byteSize() - done, PinnedStaging.SLOT_BYTES - uploadUsed);
        MemorySegment piece = slot.segment().asSlice(uploadUsed, bytes);
        MemorySegment.copy(source, done, piece, 0, bytes);
        stream.copyToDevice(address + done, piece);
        uploadUsed += (int) bytes;
        done += bytes;
      }
    }
  }

  /**
   * Fills a host segment from a device address.
   *
   * @throws IllegalStateException while the stream's work is being captured
   */
  public void read(long address, MemorySegment target) {
    if (Thread.holdsLock(stream) && captured != null) {
      throw new IllegalStateException(
          "capture: values cannot be read while a step is captured, since nothing is computed yet;"
              + " read them after the capture");
    }
    synchronized (download) {
      long asked = 0;
      long askedTurn = 0;
      long done = 0;
      for (long turn = 0; done < target.byteSize(); turn++) {
        // One piece travels while the one before it is copied out.
        while (asked < target.byteSize() && askedTurn < turn + download.count()) {
          PinnedSlot slot = download.slot(askedTurn);
          long bytes = Math.min(target.byteSize() - asked, PinnedStaging.SLOT_BYTES);
          synchronized (stream) {
            stream.copyToHost(slot.segment().asSlice(0, bytes), address + asked);
            stream.record(slot.event());
          }
          asked += bytes;
          askedTurn++;
        }
        PinnedSlot slot = download.slot(turn);
        slot.event().await();
        long bytes = Math.min(target.byteSize() - done, PinnedStaging.SLOT_BYTES);
        MemorySegment.copy(slot.segment(), 0, target, done, bytes);
        done += bytes;
      }
    }
  }

  /** From here on each write keeps its values, since the captured copy will be run again. */
  public void beginCapture() {
    synchronized (stream) {
      captured = new ArrayList<>();
    }
  }

  /** Ends what {@link #beginCapture} began; the memory must live as long as the captured work. */
  public List<PinnedMemory> endCapture() {
    synchronized (stream) {
      List<PinnedMemory> kept = captured == null ? List.of() : captured;
      captured = null;
      return kept;
    }
  }

  /** Frees the pinned memory; the stream must have been synchronised. */
  @Override
  public void close() {
    synchronized (stream) {
      upload.close();
    }
    synchronized (download) {
      download.close();
    }
  }

  private PinnedSlot uploadSlot() {
    PinnedSlot slot = upload.slot(uploadTurn);
    if (uploadUsed < PinnedStaging.SLOT_BYTES) {
      return slot;
    }
    stream.record(slot.event());
    uploadTurn++;
    uploadUsed = 0;
    PinnedSlot next = upload.slot(uploadTurn);
    next.event().await();
    return next;
  }

  private void writeCaptured(List<PinnedMemory> kept, long address, MemorySegment source) {
    if (source.byteSize() == 0) {
      return;
    }
    PinnedMemory own = new PinnedMemory(stream.device(), source.byteSize());
    kept.add(own);
    MemorySegment.copy(source, 0, own.segment(), 0, source.byteSize());
    stream.copyToDevice(address, own.segment());
  }
}
