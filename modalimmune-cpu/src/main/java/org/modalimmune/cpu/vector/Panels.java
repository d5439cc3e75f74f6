package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Packing for the tiles of one element type, and the edges of C that are smaller than a tile.
 *
 * @param <P> float[] or double[]
 */
interface Panels<P> {
  /**
   * Largest depth of a panel: one of B then takes 24 KiB of a first cache of 32, or with 512-bit
   * vectors 32 KiB of 48.
   */
  int MAX_DEPTH = VectorSpeciesSet.BITS == 512 ? 256 : 384;

  /**
   * From one packed row of A to the next, in elements: a constant, so that one register addresses
   * all rows of a tile; no power of two, so that they do not share a line of the first cache.
   */
  int ROW = MAX_DEPTH + 16;

  /** Room for packed elements. */
  P allocate(int elements);

  /** Bytes per element. */
  int size();

  /**
   * Copies {@code rows} rows of A, columns k .. k + depth - 1, to rows of {@link #ROW} elements.
   */
  void packA(Operand a, long row, long k, int rows, int depth, P to);

  /**
   * Copies {@code columns} columns of B to a panel of width {@code width}: element (i, j) at {@code
   * at + i * width + j}, zeros beyond the last column.
   */
  void packB(Operand b, long k, long column, int depth, int columns, int width, P to, int at);

  /** C = base + tile for a part of a tile; rows of the tile are {@code width} elements long. */
  void addEdge(
      MemorySegment tile,
      int width,
      MemorySegment base,
      long baseAt,
      long baseRow,
      MemorySegment c,
      long cAt,
      long cRow,
      int rows,
      int columns);
}
