package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * The innermost part of a packed matrix product: a tile of C from a panel of A and one of B. All
 * positions in C are in bytes, those in panels in elements.
 *
 * @param <P> float[] or double[]: the first compiler makes far less code of an array access than of
 *     one to a memory segment, and a tile must not be too much code for it
 */
interface TileKernel<P> {
  /**
   * Largest depth of a panel: a panel of B with 32 columns then takes 32 KiB of the first cache.
   */
  int MAX_DEPTH = 256;

  /** Room for a panel or several. */
  P newPanels(int elements);

  /** Rows of a tile. */
  int rows();

  /** Columns of a tile. */
  int columns();

  /**
   * Copies {@code rows} rows of A, from {@code row}, columns k .. k + depth - 1, to a panel:
   * element (r, k) at k * rows() + r. Missing rows keep what the panel held.
   */
  void packA(Operand a, long row, long k, int rows, int depth, P panel, int at);

  /** Copies {@code columns} columns of B to a panel, zeros beyond the last. */
  void packB(Operand b, long k, long column, int depth, int columns, P panel, int at);

  /** Writes, or adds, the product of two panels to a whole tile of C, summing in the order of k. */
  void multiply(
      int depth, P a, int aAt, P b, int bAt, MemorySegment c, long cAt, long rowBytes, boolean add);

  /** Writes, or adds, the upper left part of a tile to C. */
  void copyEdge(
      MemorySegment tile,
      MemorySegment c,
      long cAt,
      long rowBytes,
      int rows,
      int columns,
      boolean add);
}
