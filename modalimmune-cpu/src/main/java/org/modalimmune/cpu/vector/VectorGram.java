package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Products with a centred matrix whose rows are dense: a few rows at a time are multiplied by the
 * vectors and, still in cache, by the result. Other matrices go to the reference kernels.
 *
 * <p>Work is cut into chunks whose size the shape alone gives; their float64 sums are added in
 * order.
 */
final class VectorGram implements GramKernels {
  private static final int CHUNK_ROWS = 512;

  /** Rows whose products are summed in the element type. */
  private static final int IN_TYPE = 64;

  /** Elements of a panel of columns, which is to stay in the second-level cache. */
  private static final int PANEL_ELEMENTS = 1 << 16;

  private static final int LEAST_PANEL = 64;
  private static final long ELEMENTS_PER_PART = 60_000;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final GramKernels base;
  private final GramTile floats = new FloatGramTile();
  private final GramTile doubles = new DoubleGramTile();

  VectorGram(HostAllocator allocator, WorkerPool workers, GramKernels base) {
    this.allocator = allocator;
    this.workers = workers;
    this.base = base;
  }

  @Override
  public void columnMoments(Tensor z, Tensor pivot, Tensor moments) {
    if (hasRows(z) && pivot.isContiguous()) {
      ColumnMoments.compute(allocator, workers, tile(z), z, pivot, moments);
    } else {
      base.columnMoments(z, pivot, moments);
    }
  }

  @Override
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    if (!hasRows(z)) {
      base.multiply(z, columns, v, out);
      return;
    }
    GramMatrix given = GramMatrix.of(z, columns);
    GramTile tile = tile(z);
    int k = Math.toIntExact(v.shape().dim(0));
    try (Scratch scratch = Scratch.bytes(allocator, mapBytes(given) + vectorBytes(given, k))) {
      MemorySegment memory = scratch.memory();
      Optional<GramMatrix> unscaled = tile.unscale(given, memory, 0);
      if (unscaled.isEmpty()) {
        base.multiply(z, columns, v, out);
        return;
      }
      GramMatrix a = unscaled.get();
      GramVectors vectors = vectors(tile, a, v, memory);
      MemorySegment t = HostStorage.segmentOf(out);
      int chunks = count(a.rows(), CHUNK_ROWS);
      int parts = parts(a, chunks);
      workers.run(
          parts,
          part -> {
            int last = Math.min(a.rows(), CHUNK_ROWS * (int) ((long) chunks * (part + 1) / parts));
            int first = CHUNK_ROWS * (int) ((long) chunks * part / parts);
            try (Scratch lanes = Scratch.bytes(allocator, GramTile.LANE_BYTES)) {
              for (int i = first; i < last; i += GramTile.ROWS) {
                int rows = Math.min(GramTile.ROWS, last - i);
                vectors.forward(i, rows, t, out.offset() + i, a.rows(), lanes.memory());
              }
            }
          });
    }
  }

  @Override
  public void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out) {
    if (!hasRows(z)) {
      base.multiplyTransposed(z, columns, u, out);
      return;
    }
    GramMatrix given = GramMatrix.of(z, columns);
    GramTile tile = tile(z);
    try (Scratch scratch = Scratch.bytes(allocator, mapBytes(given))) {
      Optional<GramMatrix> unscaled = tile.unscale(given, scratch.memory(), 0);
      if (unscaled.isEmpty()) {
        base.multiplyTransposed(z, columns, u, out);
        return;
      }
      sumRows(unscaled.get(), tile, Optional.empty(), Optional.of(u), out);
    }
  }

  @Override
  public void gram(Tensor z, Tensor columns, Tensor v, Tensor out) {
    if (!hasRows(z)) {
      base.gram(z, columns, v, out);
      return;
    }
    GramMatrix given = GramMatrix.of(z, columns);
    GramTile tile = tile(z);
    int k = Math.toIntExact(v.shape().dim(0));
    try (Scratch scratch = Scratch.bytes(allocator, mapBytes(given) + vectorBytes(given, k))) {
      Optional<GramMatrix> unscaled = tile.unscale(given, scratch.memory(), 0);
      if (unscaled.isEmpty()) {
        base.gram(z, columns, v, out);
        return;
      }
      GramMatrix a = unscaled.get();
      GramVectors vectors = vectors(tile, a, v, scratch.memory());
      sumRows(a, tile, Optional.of(vectors), Optional.empty(), out);
    }
  }

  @Override
  public void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out) {
    if (!hasRows(z)) {
      base.rowGram(z, columns, u, out);
      return;
    }
    GramMatrix given = GramMatrix.of(z, columns);
    GramTile tile = tile(z);
    int k = Math.toIntExact(u.shape().dim(0));
    int width = Math.max(LEAST_PANEL, PANEL_ELEMENTS / given.rows() / LEAST_PANEL * LEAST_PANEL);
    int panels = count(given.columns(), width);
    long outLength = (long) k * given.rows();
    long maps = mapBytes(given);
    MemorySegment factors = HostStorage.segmentOf(u);
    try (Scratch scratch = Scratch.bytes(allocator, maps + 8 * (k + outLength * panels))) {
      MemorySegment memory = scratch.memory();
      Optional<GramMatrix> unscaled = tile.unscale(given, memory, 0);
      if (unscaled.isEmpty()) {
        base.rowGram(z, columns, u, out);
        return;
      }
      GramMatrix a = unscaled.get();
      long totals = maps / 8;
      for (int b = 0; b < k; b++) {
        double total = Sums.of(factors, u.offset() + (long) b * a.rows(), a.rows());
        memory.setAtIndex(JAVA_DOUBLE, totals + b, total);
      }
      long sums = totals + k;
      int parts = parts(a, panels);
      workers.run(
          parts,
          part -> {
            try (Scratch own = Scratch.bytes(allocator, panelBytes(k, width))) {
              int last = (int) ((long) panels * (part + 1) / parts);
              for (int p = (int) ((long) panels * part / parts); p < last; p++) {
                int column = p * width;
                int n = Math.min(width, a.columns() - column);
                long at = sums + p * outLength;
                rowPanel(
                    a, tile, column, n, k, factors, u.offset(), own.memory(), memory, totals, at);
              }
            }
          });
      for (int p = 1; p < panels; p++) {
        Sums.add(memory, sums + p * outLength, memory, sums, outLength);
      }
      MemorySegment.copy(
          memory, sums * 8, HostStorage.segmentOf(out), out.offset() * 8, outLength * 8);
    }
  }

  /** {@code sums = (u A) A'} for some columns of A, with the totals of u given. */
  private static void rowPanel(
      GramMatrix a,
      GramTile tile,
      int column,
      int n,
      int k,
      MemorySegment u,
      long uAt,
      MemorySegment own,
      MemorySegment sums,
      long totals,
      long at) {
    // room for lanes, then for the sums in the type, in float64, and rounded again
    long length = (long) k * n;
    long narrow = GramTile.LANE_BYTES / tile.size();
    long wide = GramTile.LANE_BYTES / 8 + (long) even(k) * n;
    clear(own, GramTile.LANE_BYTES / 8, wide + length - GramTile.LANE_BYTES / 8);
    for (int i = 0; i < a.rows(); i += GramTile.ROWS) {
      int rows = Math.min(GramTile.ROWS, a.rows() - i);
      tile.backward(a, i, rows, column, n, u, uAt + i, a.rows(), k, own, narrow, n);
      if ((i + GramTile.ROWS) % IN_TYPE == 0) {
        tile.flush(own, narrow, own, wide, (int) length);
      }
    }
    tile.flush(own, narrow, own, wide, (int) length);
    for (int b = 0; b < k; b++) {
      long w = wide + (long) b * n;
      tile.rescale(a, column, n, own, w, sums.getAtIndex(JAVA_DOUBLE, totals + b), own, w);
    }
    GramVectors w = GramVectors.of(tile, a, column, n, k, own, wide, own, wide + length);
    for (int i = 0; i < a.rows(); i += GramTile.ROWS) {
      int rows = Math.min(GramTile.ROWS, a.rows() - i);
      w.forward(i, rows, sums, at + i, a.rows(), own);
    }
  }

  private static long panelBytes(int k, int width) {
    return GramTile.LANE_BYTES + 8L * (even(k) + k) * width + GramVectors.bytes(k, width);
  }

  private static int even(int k) {
    return k + (k & 1);
  }

  @Override
  public void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out) {
    if (!hasRows(z)) {
      base.deflate(z, columns, v, share, factor, weight, out);
      return;
    }
    GramMatrix given = GramMatrix.of(z, columns);
    GramTile tile = tile(z);
    double scale = factor * scalar(weight);
    MemorySegment to = HostStorage.segmentOf(out);
    long vectorBytes = vectorBytes(given, 1);
    long maps = mapBytes(given);
    try (Scratch scratch = Scratch.bytes(allocator, maps + 2 * vectorBytes)) {
      MemorySegment memory = scratch.memory();
      Optional<GramMatrix> unscaled = tile.unscale(given, memory, 0);
      if (unscaled.isEmpty()) {
        base.deflate(z, columns, v, share, factor, weight, out);
        return;
      }
      GramMatrix a = unscaled.get();
      GramVectors vectors = vectors(tile, a, v, memory);
      long direction = (maps + vectorBytes) / tile.size();
      tile.narrow(HostStorage.segmentOf(v), v.offset(), memory, direction, a.columns());
      int groups = count(a.rows(), GramTile.ROWS);
      int parts = parts(a, groups);
      workers.run(
          parts,
          part -> {
            try (Scratch own = Scratch.bytes(allocator, GramTile.LANE_BYTES + 8L * GramTile.ROWS)) {
              long along = GramTile.LANE_BYTES / 8;
              int last = (int) ((long) groups * (part + 1) / parts);
              for (int g = (int) ((long) groups * part / parts); g < last; g++) {
                int row = g * GramTile.ROWS;
                int rows = Math.min(GramTile.ROWS, a.rows() - row);
                MemorySegment t = own.memory();
                if (share != 0) {
                  vectors.forward(row, rows, t, along, GramTile.ROWS, t);
                }
                for (int r = 0; r < rows; r++) {
                  double length = share == 0 ? 0 : t.getAtIndex(JAVA_DOUBLE, along + r);
                  t.setAtIndex(JAVA_DOUBLE, along + r, share * length);
                }
                long at = out.offset() + (long) row * a.columns();
                tile.deflate(given, row, rows, scale, t, along, memory, direction, to, at);
              }
            }
          });
    }
  }

  /** {@code out = t A} with t given, or that of the vectors. */
  private void sumRows(
      GramMatrix a,
      GramTile tile,
      Optional<GramVectors> vectors,
      Optional<Tensor> given,
      Tensor out) {
    int k = Math.toIntExact(out.shape().dim(0));
    int chunks = count(a.rows(), CHUNK_ROWS);
    // behind the sums of each chunk the totals of its factors
    long length = k * (a.columns() + 1L);
    try (Scratch scratch = Scratch.bytes(allocator, 8 * length * chunks)) {
      MemorySegment sums = scratch.memory();
      int parts = parts(a, chunks);
      workers.run(
          parts,
          part -> {
            try (Scratch own = Scratch.bytes(allocator, sweepBytes(a, k))) {
              int last = (int) ((long) chunks * (part + 1) / parts);
              for (int c = (int) ((long) chunks * part / parts); c < last; c++) {
                int from = c * CHUNK_ROWS;
                Tensor u = given.orElse(out);
                RowSweep sweep =
                    given.isPresent()
                        ? new RowSweep(HostStorage.segmentOf(u), u.offset() + from, a.rows())
                        : new RowSweep(own.memory(), GramTile.LANE_BYTES / 8, CHUNK_ROWS);
                int to = Math.min(a.rows(), from + CHUNK_ROWS);
                sweep.run(a, tile, vectors, from, to, k, own.memory(), sums, c * length);
              }
            }
          });
      for (int c = 1; c < chunks; c++) {
        Sums.add(sums, c * length, sums, 0, length);
      }
      for (int b = 0; b < k; b++) {
        int n = a.columns();
        long at = (long) b * n;
        double total = sums.getAtIndex(JAVA_DOUBLE, (long) k * n + b);
        tile.rescale(a, 0, n, sums, at, total, HostStorage.segmentOf(out), out.offset() + at);
      }
    }
  }

  /** Room for lanes, the factors of a chunk of rows, and sums in the type. */
  private static long sweepBytes(GramMatrix a, int k) {
    return GramTile.LANE_BYTES + 8L * k * CHUNK_ROWS + 8L * even(k) * a.columns();
  }

  /**
   * Factors of consecutive rows.
   *
   * @param t float64, one vector's factors after the other's
   * @param at position of the first
   * @param stride from one vector to the next
   */
  private record RowSweep(MemorySegment t, long at, long stride) {
    void run(
        GramMatrix a,
        GramTile tile,
        Optional<GramVectors> vectors,
        int from,
        int to,
        int k,
        MemorySegment own,
        MemorySegment sums,
        long q) {
      int n = a.columns();
      long length = (long) k * n;
      long room = GramTile.LANE_BYTES / 8 + (long) k * CHUNK_ROWS;
      long narrow = room * 8 / tile.size();
      clear(own, room, (long) even(k) * n);
      clear(sums, q, length);
      for (int i = from; i < to; i += GramTile.ROWS) {
        int rows = Math.min(GramTile.ROWS, to - i);
        long p = at + i - from;
        if (vectors.isPresent()) {
          vectors.get().forward(i, rows, t, p, stride, own);
        }
        tile.backward(a, i, rows, 0, n, t, p, stride, k, own, narrow, n);
        if ((i - from + GramTile.ROWS) % IN_TYPE == 0) {
          tile.flush(own, narrow, sums, q, (int) length);
        }
      }
      tile.flush(own, narrow, sums, q, (int) length);
      for (int b = 0; b < k; b++) {
        sums.setAtIndex(JAVA_DOUBLE, q + length + b, Sums.of(t, at + b * stride, to - from));
      }
    }
  }

  /** The vectors behind the column maps. */
  private static GramVectors vectors(GramTile tile, GramMatrix a, Tensor v, MemorySegment memory) {
    int n = a.columns();
    int k = (int) (v.elements() / n);
    MemorySegment from = HostStorage.segmentOf(v);
    return GramVectors.of(tile, a, 0, n, k, from, v.offset(), memory, mapBytes(a) / 8);
  }

  private static long vectorBytes(GramMatrix a, int k) {
    return GramVectors.bytes(k, a.columns());
  }

  /** Room for the column maps of an unscaled matrix. */
  private static long mapBytes(GramMatrix a) {
    return 24L * a.columns();
  }

  private static void clear(MemorySegment sums, long at, long n) {
    sums.asSlice(at * 8, n * 8).fill((byte) 0);
  }

  private int parts(GramMatrix a, int units) {
    return Parts.of(workers, units, (long) a.rows() * a.columns(), ELEMENTS_PER_PART);
  }

  private static int count(int n, int size) {
    return (n + size - 1) / size;
  }

  private GramTile tile(Tensor z) {
    return z.dtype() == DType.FLOAT32 ? floats : doubles;
  }

  private static double scalar(Tensor t) {
    MemorySegment memory = HostStorage.segmentOf(t);
    return t.dtype() == DType.FLOAT32
        ? memory.getAtIndex(JAVA_FLOAT, t.offset())
        : memory.getAtIndex(JAVA_DOUBLE, t.offset());
  }

  private static boolean hasRows(Tensor z) {
    return z.stride(1) == 1 || z.shape().dim(1) == 1;
  }
}
