package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.Storage;

/**
 * Matrix product by packed panels: blocks of A stay in the second cache, panels of B in the first
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008).
 *
 * <p>Threads share the rows of C, or its columns if there are more of them. Each element of C is
 * summed over k in blocks of {@link TileKernel#MAX_DEPTH}, whatever the partition.
 */
final class PackedMatmul<P> {
  private static final int ROW_BLOCK = 240;
  private static final int COLUMN_BLOCK = 3072;

  // below it, waking the other threads costs more than they save
  private static final long MIN_PRODUCTS_PER_PART = 200_000;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final TileKernel<P> tile;
  private final ConcurrentLinkedQueue<Panels<P>> free = new ConcurrentLinkedQueue<>();
  private final int size;

  PackedMatmul(HostAllocator allocator, WorkerPool workers, TileKernel<P> tile, int size) {
    this.allocator = allocator;
    this.workers = workers;
    this.tile = tile;
    this.size = size;
  }

  /** C = A B, or C += A B; C's column stride is 1 and nothing is empty. */
  void multiply(Operand a, Operand b, Operand c, boolean add) {
    boolean byRows = c.rows() >= c.columns();
    int step = byRows ? tile.rows() : tile.columns();
    long extent = byRows ? c.rows() : c.columns();
    long tiles = (extent + step - 1) / step;
    double products = (double) c.rows() * c.columns() * a.columns();
    int parts =
        (int)
            Math.min(
                Math.min(tiles, workers.threads()), 1 + (long) (products / MIN_PRODUCTS_PER_PART));
    workers.run(
        parts,
        i -> {
          long from = tiles * i / parts * step;
          long to = Math.min(extent, tiles * (i + 1) / parts * step);
          if (byRows) {
            block(a, b, c, from, to, 0, c.columns(), add);
          } else {
            block(a, b, c, 0, c.rows(), from, to, add);
          }
        });
  }

  private void block(
      Operand a,
      Operand b,
      Operand c,
      long rowFrom,
      long rowTo,
      long columnFrom,
      long columnTo,
      boolean add) {
    int maxDepth = (int) Math.min(a.columns(), TileKernel.MAX_DEPTH);
    int columns = (int) Math.min(columnTo - columnFrom, COLUMN_BLOCK);
    int rows = (int) Math.min(rowTo - rowFrom, ROW_BLOCK);
    int bElements = roundUp(columns, tile.columns()) * maxDepth;
    int aElements = roundUp(rows, tile.rows()) * maxDepth;
    Panels<P> panels = borrow(aElements, bElements);
    Storage scratch = allocator.allocate((long) tile.rows() * tile.columns() * size);
    try {
      MemorySegment edge = ((HostStorage) scratch).segment();
      for (long j = columnFrom; j < columnTo; j += COLUMN_BLOCK) {
        int width = (int) Math.min(COLUMN_BLOCK, columnTo - j);
        for (long k = 0; k < a.columns(); k += TileKernel.MAX_DEPTH) {
          int depth = (int) Math.min(TileKernel.MAX_DEPTH, a.columns() - k);
          packB(b, k, j, depth, width, panels.b);
          for (long i = rowFrom; i < rowTo; i += ROW_BLOCK) {
            int height = (int) Math.min(ROW_BLOCK, rowTo - i);
            packA(a, i, k, height, depth, panels.a);
            Operand target = c.shifted(i * c.rowStride() + j);
            tiles(depth, height, width, panels, target, edge, add || k > 0);
          }
        }
      }
    } finally {
      allocator.release(scratch);
      free.add(panels);
    }
  }

  private void packB(Operand b, long k, long column, int depth, int width, P to) {
    for (int j = 0; j < width; j += tile.columns()) {
      int columns = Math.min(tile.columns(), width - j);
      tile.packB(b, k, column + j, depth, columns, to, j * depth);
    }
  }

  private void packA(Operand a, long row, long k, int height, int depth, P to) {
    for (int i = 0; i < height; i += tile.rows()) {
      int rows = Math.min(tile.rows(), height - i);
      tile.packA(a, row + i, k, rows, depth, to, i * depth);
    }
  }

  private void tiles(
      int depth,
      int height,
      int width,
      Panels<P> panels,
      Operand c,
      MemorySegment edge,
      boolean add) {
    long rowBytes = c.rowStride() * size;
    long edgeRowBytes = (long) tile.columns() * size;
    for (int j = 0; j < width; j += tile.columns()) {
      int columns = Math.min(tile.columns(), width - j);
      int bAt = j * depth;
      for (int i = 0; i < height; i += tile.rows()) {
        int rows = Math.min(tile.rows(), height - i);
        int aAt = i * depth;
        long cAt = c.at(i, j) * size;
        if (rows == tile.rows() && columns == tile.columns()) {
          tile.multiply(depth, panels.a, aAt, panels.b, bAt, c.segment(), cAt, rowBytes, add);
        } else {
          tile.multiply(depth, panels.a, aAt, panels.b, bAt, edge, 0, edgeRowBytes, false);
          tile.copyEdge(edge, c.segment(), cAt, rowBytes, rows, columns, add);
        }
      }
    }
  }

  /** Packed parts of A and B, kept for the next call; never more of them than threads. */
  private record Panels<P>(P a, int aElements, P b, int bElements) {}

  private Panels<P> borrow(int aElements, int bElements) {
    Panels<P> known = free.poll();
    if (known != null && known.aElements >= aElements && known.bElements >= bElements) {
      return known;
    }
    int a = known == null ? aElements : Math.max(aElements, known.aElements);
    int b = known == null ? bElements : Math.max(bElements, known.bElements);
    return new Panels<>(tile.newPanels(a), a, tile.newPanels(b), b);
  }

  private static int roundUp(int value, int step) {
    return (value + step - 1) / step * step;
  }
}
