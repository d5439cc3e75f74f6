package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;

/**
 * Vectors on the column side of a centred matrix, times the scales and rounded to its type, behind
 * their float64 inner products with the rests.
 *
 * @param tile the kernels of the type
 * @param a the matrix
 * @param column first column that they meet
 * @param n number of columns
 * @param k number of vectors
 * @param memory the inner products, then the vectors [k, n]
 * @param rests position of the first inner product, in float64 elements
 * @param at position of the first element
 */
record GramVectors(
    GramTile tile,
    GramMatrix a,
    int column,
    int n,
    int k,
    MemorySegment memory,
    long rests,
    long at) {
  // longer sums are added up in float64
  private static final int SPAN = 4096;

  /**
   * Takes over float64 vectors [k, n].
   *
   * @param first position in {@code memory} with room for {@link #bytes}, in float64 elements
   */
  static GramVectors of(
      GramTile tile,
      GramMatrix a,
      int column,
      int n,
      int k,
      MemorySegment v,
      long vAt,
      MemorySegment memory,
      long first) {
    long at = (first + k) * 8 / tile.size();
    for (int b = 0; b < k; b++) {
      long from = vAt + (long) b * n;
      tile.narrow(a, column, n, v, from, memory, at + (long) b * n);
      memory.setAtIndex(JAVA_DOUBLE, first + b, tile.restsTimes(a, column, n, v, from));
    }
    return new GramVectors(tile, a, column, n, k, memory, first, at);
  }

  /** Room that k vectors of length n need, whatever the type. */
  static long bytes(int k, int n) {
    return 8L * k * (n + 1L);
  }

  /** {@code t = v A'} for a few rows, element {@code tAt + b tStride + r}. */
  void forward(int row, int rows, MemorySegment t, long tAt, long tStride, MemorySegment lanes) {
    span(0, row, rows, memory, rests, 1, 0, t, tAt, tStride, lanes);
    for (int j = SPAN; j < n; j += SPAN) {
      span(j, row, rows, t, tAt, tStride, 1, t, tAt, tStride, lanes);
    }
  }

  private void span(
      int j,
      int row,
      int rows,
      MemorySegment before,
      long beforeAt,
      long beforeStride,
      long beforeStep,
      MemorySegment t,
      long tAt,
      long tStride,
      MemorySegment lanes) {
    tile.forward(
        a,
        row,
        rows,
        column + j,
        Math.min(SPAN, n - j),
        memory,
        at + j,
        n,
        k,
        before,
        beforeAt,
        beforeStride,
        beforeStep,
        t,
        tAt,
        tStride,
        lanes);
  }
}
