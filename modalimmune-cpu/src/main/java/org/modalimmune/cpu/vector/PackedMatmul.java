package org.modalimmune.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.parallel.WorkerPool;

/**
 * Matrix product by packed panels: blocks of A stay in the second cache, panels of B in the first
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008).
 *
 * <p>Threads share C as a grid of blocks. Each element of C is summed over k from zero within each
 * block of the depth, and these sums are added to C one after another, whatever the partition.
 */
final class PackedMatmul<P> {
  private static final int COLUMN_BLOCK = 3072;

  // below it, waking the other threads costs more than they save
  private static final long MIN_PRODUCTS_PER_PART = 200_000;

  private final WorkerPool workers;
  private final Tiles<P> tiles;
  private final Panels<P> panels;
  private final Workspaces<P> workspaces;
  private final MemorySegment zeros;
  private final int rowBlock;
  private final int size;

  PackedMatmul(WorkerPool workers, Tiles<P> tiles) {
    this.workers = workers;
    this.tiles = tiles;
    this.panels = tiles.panels();
    this.workspaces = new Workspaces<>(tiles);
    this.rowBlock = tiles.rowBlock();
    this.size = panels.size();
    this.zeros = Arena.ofAuto().allocate((long) tiles.width(tiles.main()) * size, 64);
  }

  /** Room of one thread each. */
  Workspaces<P> workspaces() {
    return workspaces;
  }

  /** C = A B on one thread; C's column stride is 1 and nothing is empty. */
  void multiplyAlone(Operand a, Operand b, Operand c) {
    block(a, b, nothing(c), c, 0, c.rows(), 0, c.columns());
  }

  /** C = A B; C's column stride is 1 and nothing is empty. */
  void multiply(Operand a, Operand b, Operand c) {
    multiply(a, b, nothing(c), c);
  }

  private Operand nothing(Operand c) {
    return new Operand(zeros, 0, c.rows(), c.columns(), 0, 0);
  }

  /**
   * C = base + A B.
   *
   * @param base has column stride 1 where it is not zero; may be C
   * @param c has column stride 1
   */
  void multiply(Operand a, Operand b, Operand base, Operand c) {
    double products = (double) c.rows() * c.columns() * a.columns();
    int parts = (int) Math.min(workers.threads(), 1 + (long) (products / MIN_PRODUCTS_PER_PART));
    int tileRows = tiles.main().rows();
    int tileColumns = tiles.width(tiles.main());
    Grid grid = Grid.of(parts, c.rows(), c.columns(), tileRows, tileColumns);
    if (grid.count() == 1) {
      block(a, b, base, c, 0, c.rows(), 0, c.columns());
      return;
    }
    workers.run(
        grid.count(),
        part -> {
          int i = part / grid.columns();
          int j = part % grid.columns();
          block(
              a,
              b,
              base,
              c,
              Grid.start(i, grid.rows(), c.rows(), tileRows),
              Grid.start(i + 1, grid.rows(), c.rows(), tileRows),
              Grid.start(j, grid.columns(), c.columns(), tileColumns),
              Grid.start(j + 1, grid.columns(), c.columns(), tileColumns));
        });
  }

  private void block(
      Operand a,
      Operand b,
      Operand base,
      Operand c,
      long rowFrom,
      long rowTo,
      long columnFrom,
      long columnTo) {
    Workspace<P> workspace = workspaces.take();
    int maxDepth = depthOf(a.columns());
    int maxWidth = (int) Math.min(columnTo - columnFrom, COLUMN_BLOCK);
    int maxHeight = (int) Math.min(rowTo - rowFrom, rowBlock);
    P packedA = workspace.a((maxHeight + Tiles.MAX_ROWS) * Panels.ROW);
    P packedB = workspace.b((maxWidth + tiles.lanes()) * maxDepth);
    boolean once = a.columns() == maxDepth && !base.segment().equals(c.segment());
    for (long j = columnFrom; j < columnTo; j += COLUMN_BLOCK) {
      int width = (int) Math.min(COLUMN_BLOCK, columnTo - j);
      for (long k = 0; k < a.columns(); k += maxDepth) {
        int depth = (int) Math.min(maxDepth, a.columns() - k);
        packB(b, k, j, depth, width, once, packedB);
        for (long i = rowFrom; i < rowTo; i += rowBlock) {
          int height = (int) Math.min(rowBlock, rowTo - i);
          panels.packA(a, i, k, height, depth, packedA);
          tiles(
              depth,
              height,
              width,
              packedA,
              packedB,
              once,
              workspace.edge(),
              k == 0 ? base : c,
              c,
              i,
              j,
              rowTo);
        }
      }
    }
    workspaces.giveBack(workspace);
  }

  /** Blocks of the depth, of nearly one size. */
  private static int depthOf(long total) {
    long blocks = (total + Panels.MAX_DEPTH - 1) / Panels.MAX_DEPTH;
    return (int) ((total + blocks - 1) / blocks);
  }

  private void packB(Operand b, long k, long column, int depth, int width, boolean once, P to) {
    int j = 0;
    while (j < width) {
      int panel = tiles.width(tiles.next(width - j));
      int left = start(j, panel, width, once);
      int columns = Math.min(panel, width - left);
      panels.packB(b, k, column + left, depth, columns, panel, to, j * depth);
      j += panel;
    }
  }

  /**
   * Where a tile from {@code at} on begins: one that would reach beyond the end is moved back onto
   * what its neighbour wrote, if no sum is added to C a second time. Every tile sums an element the
   * same way.
   *
   * @param once whether the whole depth is one block, and C is not what is added to
   */
  private static int start(int at, int size, int end, boolean once) {
    return once && at + size > end && size <= end ? end - size : at;
  }

  private void tiles(
      int depth,
      int height,
      int width,
      P a,
      P b,
      boolean once,
      MemorySegment edge,
      Operand base,
      Operand c,
      long row,
      long column,
      long rowTo) {
    long baseRow = base.rowStride() * size;
    long cRow = c.rowStride() * size;
    int j = 0;
    while (j < width) {
      Tile<P> wide = tiles.next(width - j);
      int panel = tiles.width(wide);
      int left = start(j, panel, width, once);
      int columns = Math.min(panel, width - left);
      int bAt = j * depth;
      long whole = columns == panel ? rowTo : overwritten(base, c, panel, rowTo);
      Tile<P> tile;
      for (int i = 0; i < height; i += tile.rows()) {
        tile = tiles.below(wide, height - i);
        int top = start(i, tile.rows(), height, once);
        int rows = Math.min(tile.rows(), height - top);
        int aAt = top * Panels.ROW;
        long baseAt = base.at(row + top, column + left) * size;
        long cAt = c.at(row + top, column + left) * size;
        if (rows == tile.rows() && row + top + rows <= whole) {
          tile.multiply(
              depth, a, aAt, b, bAt, base.segment(), baseAt, baseRow, c.segment(), cAt, cRow);
        } else {
          tile.multiply(depth, a, aAt, b, bAt, zeros, 0, 0, edge, 0, (long) panel * size);
          panels.addEdge(
              edge, panel, base.segment(), baseAt, baseRow, c.segment(), cAt, cRow, rows, columns);
        }
      }
      j += panel;
    }
  }

  /**
   * Up to which row a tile wider than C may be written as it is: where C's rows lie below each
   * other, what a row writes beyond its end is overwritten by the next ones.
   */
  private long overwritten(Operand base, Operand c, int panel, long rowTo) {
    boolean dense = c.columns() < panel && c.rowStride() == c.columns();
    return dense && base.segment().equals(zeros) ? rowTo - panel / c.columns() : 0;
  }
}
