package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Adjoint of layer normalisation's derivative on dense tensors, in one pass over memory: some rows
 * at a time, whose columns are added up on the way into the caches. The columns' sums are those of
 * chunks of rows, added pairwise; what a chunk is depends on the shape alone.
 */
final class LayerNormPullback {
  private static final long CHUNK_ELEMENTS = 65_536;
  private static final int CHUNK_ROWS = 512;
  private static final long BLOCK_ELEMENTS = 16_384;
  private static final int BLOCK_ROWS = 16;
  private static final long ELEMENTS_PER_PART = 16_000;

  /** Bytes of a row's two sums. */
  private static final long ROW_SUMS = 16;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final boolean narrow;
  private final int n;
  private final long rows;
  private final MemorySegment y;
  private final long yAt;
  private final MemorySegment scales;
  private final long scalesAt;
  private final MemorySegment g;
  private final long gAt;
  private final MemorySegment out;
  private final long outAt;
  private final int chunkRows;
  private final int chunks;

  LayerNormPullback(
      HostAllocator allocator,
      WorkerPool workers,
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor cotangent,
      Tensor result) {
    this.allocator = allocator;
    this.workers = workers;
    narrow = normalized.dtype() == DType.FLOAT32;
    n = Math.toIntExact(normalized.shape().dim(-1));
    rows = normalized.elements() / n;
    y = HostStorage.segmentOf(normalized);
    yAt = normalized.offset();
    scales = HostStorage.segmentOf(reciprocalStd);
    scalesAt = reciprocalStd.offset();
    g = HostStorage.segmentOf(cotangent);
    gAt = cotangent.offset();
    out = HostStorage.segmentOf(result);
    outAt = result.offset();
    chunkRows = Math.clamp(CHUNK_ELEMENTS / n, BLOCK_ROWS, CHUNK_ROWS);
    chunks = Math.toIntExact((rows + chunkRows - 1) / chunkRows);
  }

  /** Rows alone, with a gain of 1. */
  void plain() {
    long sums = 8L * n;
    try (Scratch scratch = Scratch.bytes(allocator, sums + ROW_SUMS * chunks)) {
      MemorySegment ones = scratch.memory();
      for (int j = 0; j < n; j++) {
        store(ones, j, 1);
      }
      overChunks(
          c -> {
            long last = Math.min(rows, (c + 1L) * chunkRows);
            for (long i = (long) c * chunkRows; i < last; i++) {
              row(i, ones, 0, ones, sums + ROW_SUMS * c);
            }
          });
    }
  }

  /** Rows, and the columns' sums. */
  void scaled(Tensor gain, Tensor gainOut, Tensor biasOut) {
    MemorySegment factors = HostStorage.segmentOf(gain);
    long pair = 16L * n;
    int blockRows = Math.clamp(BLOCK_ELEMENTS / n, 1, BLOCK_ROWS);
    long rowSums = pair * Math.max(1, chunks);
    try (Scratch scratch = Scratch.bytes(allocator, rowSums + ROW_SUMS * chunks)) {
      MemorySegment sums = scratch.memory();
      sums.asSlice(0, rowSums).fill((byte) 0);
      overChunks(
          c -> {
            long last = Math.min(rows, (c + 1L) * chunkRows);
            for (long i = (long) c * chunkRows; i < last; i += blockRows) {
              int count = (int) Math.min(blockRows, last - i);
              // first, since it has most to compute while the rows come from memory
              columns(i, count, sums, c * pair);
              for (int k = 0; k < count; k++) {
                row(i + k, factors, gain.offset(), sums, rowSums + ROW_SUMS * c);
              }
            }
          });
      for (int step = 1; step < chunks; step *= 2) {
        for (int c = 0; c + step < chunks; c += 2 * step) {
          long from = 2L * n * (c + step);
          ColumnSums.doubles(sums, from, 2L * n, 1, 2 * n, sums, 2L * n * c);
        }
      }
      MemorySegment products = HostStorage.segmentOf(gainOut);
      MemorySegment totals = HostStorage.segmentOf(biasOut);
      for (int j = 0; j < n; j++) {
        store(products, gainOut.offset() + j, sums.getAtIndex(JAVA_DOUBLE, j));
        store(totals, biasOut.offset() + j, sums.getAtIndex(JAVA_DOUBLE, (long) n + j));
      }
    }
  }

  private interface ChunkFunction {
    void apply(int chunk);
  }

  private void overChunks(ChunkFunction f) {
    int parts = Parts.of(workers, chunks, rows * n, ELEMENTS_PER_PART);
    workers.run(
        parts,
        part -> {
          int last = (int) ((long) chunks * (part + 1) / parts);
          for (int c = (int) ((long) chunks * part / parts); c < last; c++) {
            f.apply(c);
          }
        });
  }

  private void row(long i, MemorySegment factors, long factorsAt, MemorySegment sums, long at) {
    long s = size();
    long p = (gAt + i * n) * s;
    long q = (yAt + i * n) * s;
    long r = (outAt + i * n) * s;
    if (narrow) {
      float scale = scales.getAtIndex(JAVA_FLOAT, scalesAt + i);
      FloatLayerNorm.pullBack(g, p, y, q, factors, factorsAt * s, scale, out, r, n, sums, at);
    } else {
      double scale = scales.getAtIndex(JAVA_DOUBLE, scalesAt + i);
      DoubleLayerNorm.pullBack(g, p, y, q, factors, factorsAt * s, scale, out, r, n, sums, at);
    }
  }

  private void columns(long i, int count, MemorySegment sums, long at) {
    long s = size();
    long p = (gAt + i * n) * s;
    long q = (yAt + i * n) * s;
    if (narrow) {
      FloatLayerNorm.addColumns(g, p, y, q, count, n, sums, at, at + 8L * n);
    } else {
      DoubleLayerNorm.addColumns(g, p, y, q, count, n, sums, at, at + 8L * n);
    }
  }

  private int size() {
    return narrow ? Float.BYTES : Double.BYTES;
  }

  private void store(MemorySegment z, long at, double value) {
    if (narrow) {
      z.setAtIndex(JAVA_FLOAT, at, (float) value);
    } else {
      z.setAtIndex(JAVA_DOUBLE, at, value);
    }
  }
}
