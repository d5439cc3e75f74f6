package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.Tensor;

/** Column moments of a matrix with dense rows: chunks of rows, added in order. */
final class ColumnMoments {
  private static final int CHUNK = 512;
  // rows that a column's sums stay in registers for
  private static final int ROWS = 8;
  private static final long ELEMENTS_PER_PART = 60_000;

  private ColumnMoments() {}

  static void compute(
      HostAllocator allocator,
      WorkerPool workers,
      GramTile tile,
      Tensor z,
      Tensor pivot,
      Tensor moments) {
    int rows = Math.toIntExact(z.shape().dim(0));
    int n = Math.toIntExact(z.shape().dim(1));
    MemorySegment in = HostStorage.segmentOf(z);
    MemorySegment centre = HostStorage.segmentOf(pivot);
    int chunks = (rows + CHUNK - 1) / CHUNK;
    try (Scratch scratch = Scratch.bytes(allocator, 32L * n * chunks)) {
      MemorySegment sums = scratch.memory();
      int parts = Parts.of(workers, chunks, (long) rows * n, ELEMENTS_PER_PART);
      workers.run(
          parts,
          part -> {
            int last = (int) ((long) chunks * (part + 1) / parts);
            for (int c = (int) ((long) chunks * part / parts); c < last; c++) {
              long at = 4L * n * c;
              clear(sums, at, n);
              int to = Math.min(rows, (c + 1) * CHUNK);
              for (int i = c * CHUNK; i < to; i += ROWS) {
                long p = z.offset() + i * z.stride(0);
                int count = Math.min(ROWS, to - i);
                tile.moments(in, p, z.stride(0), count, n, centre, pivot.offset(), sums, at);
              }
            }
          });
      join(sums, chunks, n, HostStorage.segmentOf(moments), moments.offset());
    }
  }

  private static void clear(MemorySegment sums, long at, int n) {
    for (long j = at; j < at + n; j++) {
      sums.setAtIndex(JAVA_DOUBLE, j, 0);
      sums.setAtIndex(JAVA_DOUBLE, j + n, 0);
      sums.setAtIndex(JAVA_DOUBLE, j + 2L * n, Double.POSITIVE_INFINITY);
      sums.setAtIndex(JAVA_DOUBLE, j + 3L * n, Double.NEGATIVE_INFINITY);
    }
  }

  private static void join(MemorySegment sums, int chunks, int n, MemorySegment out, long q) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      double squares = 0;
      double least = Double.POSITIVE_INFINITY;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < chunks; c++) {
        long at = 4L * n * c + j;
        sum += sums.getAtIndex(JAVA_DOUBLE, at);
        squares += sums.getAtIndex(JAVA_DOUBLE, at + n);
        least = Math.min(least, sums.getAtIndex(JAVA_DOUBLE, at + 2L * n));
        largest = Math.max(largest, sums.getAtIndex(JAVA_DOUBLE, at + 3L * n));
      }
      // comparisons pass over a NaN, squares do not
      boolean nan = Double.isNaN(squares);
      out.setAtIndex(JAVA_DOUBLE, q + j, sum);
      out.setAtIndex(JAVA_DOUBLE, q + n + j, squares);
      out.setAtIndex(JAVA_DOUBLE, q + 2L * n + j, nan ? Double.NaN : least);
      out.setAtIndex(JAVA_DOUBLE, q + 3L * n + j, nan ? Double.NaN : largest);
    }
  }
}
