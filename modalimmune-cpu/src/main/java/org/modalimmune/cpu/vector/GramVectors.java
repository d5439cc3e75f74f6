package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;

/**
 * Vectors on the column side of a centred matrix, rounded to its type.
 *
 * @param tile the kernels of the type
 * @param a the matrix
 * @param column first column that they meet
 * @param n number of columns
 * @param k number of vectors
 * @param memory the vectors, [k, n]
 * @param at position of the first element
 */
record GramVectors(
    GramTile tile, GramMatrix a, int column, int n, int k, MemorySegment memory, long at) {
  // longer sums are added up in float64
  private static final int SPAN = 4096;

  /** {@code t = v A'} for a few rows, element {@code tAt + b tStride + r}. */
  void forward(int row, int rows, MemorySegment t, long tAt, long tStride, MemorySegment lanes) {
    for (int b = 0; b < k; b++) {
      for (int r = 0; r < rows; r++) {
        t.setAtIndex(JAVA_DOUBLE, tAt + b * tStride + r, 0);
      }
    }
    for (int j = 0; j < n; j += SPAN) {
      int count = Math.min(SPAN, n - j);
      tile.forward(a, row, rows, column + j, count, memory, at + j, n, k, t, tAt, tStride, lanes);
    }
  }

  /** Writes each vector's inner product with the rests of its columns. */
  void rests(MemorySegment to, long p) {
    for (int b = 0; b < k; b++) {
      double sum = tile.dot(a.affine(), a.rest() + column, memory, at + (long) b * n, n);
      to.setAtIndex(JAVA_DOUBLE, p + b, sum);
    }
  }

  /** Adds those to {@code t} of a few rows. */
  void addRests(MemorySegment sums, long p, int rows, MemorySegment t, long tAt, long tStride) {
    for (int b = 0; b < k; b++) {
      double rest = sums.getAtIndex(JAVA_DOUBLE, p + b);
      for (int r = 0; r < rows; r++) {
        long place = tAt + b * tStride + r;
        t.setAtIndex(JAVA_DOUBLE, place, t.getAtIndex(JAVA_DOUBLE, place) + rest);
      }
    }
  }
}
