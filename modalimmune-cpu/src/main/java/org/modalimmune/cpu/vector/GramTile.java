package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Products of a few rows of X = scale z + shift with up to eight vectors, for one element type.
 * Blocks hold one vector per row; positions and strides are in elements.
 */
interface GramTile {
  /** Most rows of one call. */
  int ROWS = 4;

  /** Bytes of room that {@link #forward} needs: eight vectors of the widest species. */
  long LANE_BYTES = 8 * 64;

  /** Bytes of an element. */
  int size();

  /**
   * Adds X v to float64 sums: for vector b and row r, element {@code tAt + b tStride + r}.
   *
   * @param n columns from {@code column} on
   * @param v vectors of the element type, from that column on
   * @param lanes room for {@link #LANE_BYTES}
   */
  void forward(
      GramMatrix a,
      int row,
      int rows,
      int column,
      int n,
      MemorySegment v,
      long vAt,
      long vStride,
      int k,
      MemorySegment t,
      long tAt,
      long tStride,
      MemorySegment lanes);

  /**
   * Adds t X to sums of the element type: for vector b and column j, {@code yAt + b yStride + j}.
   *
   * @param t float64 factors, rounded to the type
   * @param y room for an even number of vectors
   */
  void backward(
      GramMatrix a,
      int row,
      int rows,
      int column,
      int n,
      MemorySegment t,
      long tAt,
      long tStride,
      int k,
      MemorySegment y,
      long yAt,
      long yStride);

  /** {@code out = f (X + rest - along v)} for one row, v of the element type at {@code vAt}. */
  void deflate(
      GramMatrix a,
      int row,
      double f,
      double along,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at);

  /** Rounds float64 numbers to the type. */
  void narrow(MemorySegment from, long p, MemorySegment to, long q, int n);

  /** Adds numbers of the type to float64 sums and sets them to 0. */
  void flush(MemorySegment y, long p, MemorySegment sums, long q, int n);

  /** {@code sums += factor x}, sums float64, x of the type. */
  void addScaled(double factor, MemorySegment x, long p, MemorySegment sums, long q, int n);

  /** Inner product in float64 of numbers of the type. */
  double dot(MemorySegment x, long p, MemorySegment y, long q, int n);

  /** Rounds one number to the type. */
  double round(double x);

  /** Adds a few rows to the column moments: float64 sums, sums of squares, minima and maxima. */
  void moments(
      MemorySegment z,
      long p,
      long stride,
      int rows,
      int n,
      MemorySegment pivot,
      long pivotAt,
      MemorySegment moments,
      long at);
}
