package org.modalimmune.cpu.vector;

/**
 * How threads share a matrix: blocks of whole tiles, as square as can be, because each block packs
 * its rows of A and its columns of B anew.
 *
 * @param rows blocks from top to bottom
 * @param columns blocks from left to right
 */
record Grid(int rows, int columns) {
  /**
   * At most {@code parts} blocks.
   *
   * @param height rows of the matrix
   * @param width columns of the matrix
   * @param tileRows rows of a tile
   * @param tileColumns columns of a tile
   */
  static Grid of(int parts, long height, long width, int tileRows, int tileColumns) {
    long most = (height + tileRows - 1) / tileRows;
    long mostColumns = (width + tileColumns - 1) / tileColumns;
    int bestRows = 1;
    int bestColumns = 1;
    for (int r = 1; r <= Math.min(parts, most); r++) {
      int c = (int) Math.min(parts / r, mostColumns);
      int better = Integer.compare(r * c, bestRows * bestColumns);
      double edge = (double) height / r + (double) width / c;
      if (better > 0
          || (better == 0 && edge < (double) height / bestRows + (double) width / bestColumns)) {
        bestRows = r;
        bestColumns = c;
      }
    }
    return new Grid(bestRows, bestColumns);
  }

  /** Number of blocks. */
  int count() {
    return rows * columns;
  }

  /** Where block {@code i} of {@code n} begins in {@code extent} elements, at a whole tile. */
  static long start(int i, int n, long extent, int tile) {
    long tiles = (extent + tile - 1) / tile;
    return Math.min(extent, tiles * i / n * tile);
  }
}
