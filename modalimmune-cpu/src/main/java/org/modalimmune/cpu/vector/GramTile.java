package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Products of a few rows of X = z + shift with up to eight vectors, for one element type. Blocks
 * hold one vector per row; positions and strides are in elements.
 */
interface GramTile {
  /** Most rows of one call. */
  int ROWS = 4;

  /** Bytes of room that {@link #forward} needs: eight vectors of the widest species. */
  long LANE_BYTES = 8 * 64;

  /** Bytes of an element. */
  int size();

  /**
   * Takes the scales out of the column maps: writes scale, shift / scale and rest, [3, d], where a
   * column of scale 0 keeps its shift in the rest. Empty where a quotient is not exact or scales
   * differ or lie so far from 1 that vectors times scales could leave the range.
   *
   * @param given the matrix as it was given
   */
  Optional<GramMatrix> unscale(GramMatrix given, MemorySegment to, long at);

  /**
   * X v as float64, added to what was before: for vector b and row r, element {@code tAt + b
   * tStride + r}, and {@code beforeAt + b beforeStride + r beforeStep}.
   *
   * @param n columns from {@code column} on
   * @param v vectors of the element type, from that column on
   * @param before float64
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
      MemorySegment before,
      long beforeAt,
      long beforeStride,
      long beforeStep,
      MemorySegment t,
      long tAt,
      long tStride,
      MemorySegment lanes);

  /**
   * Adds gain t X to sums of the element type: for vector b and column j, {@code yAt + b yStride +
   * j}.
   *
   * @param t float64 factors; times the gain, they are rounded to the type
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

  /**
   * {@code out = f (scale z + shift + rest - along v)} for a few rows of the matrix as given, v of
   * the element type at {@code vAt}.
   *
   * @param along float64, one factor for each row
   */
  void deflate(
      GramMatrix given,
      int row,
      int rows,
      double f,
      MemorySegment along,
      long alongAt,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at);

  /** Rounds float64 numbers to the type. */
  void narrow(MemorySegment from, long p, MemorySegment to, long q, int n);

  /** {@code to = scale from}, rounded to the type, from float64. */
  void narrow(
      GramMatrix a, int column, int n, MemorySegment from, long p, MemorySegment to, long q);

  /** Inner product of the rests with a float64 vector. */
  double restsTimes(GramMatrix a, int column, int n, MemorySegment v, long p);

  /** {@code out = sums scale / gain + total rest}, sums and out float64. */
  void rescale(
      GramMatrix a,
      int column,
      int n,
      MemorySegment sums,
      long p,
      double total,
      MemorySegment out,
      long q);

  /** Adds numbers of the type to float64 sums and sets them to 0. */
  void flush(MemorySegment y, long p, MemorySegment sums, long q, int n);

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
