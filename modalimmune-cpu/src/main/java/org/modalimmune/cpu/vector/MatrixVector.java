package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * y = A x where A lies: each element of A is read once, so that memory sets the pace. Positions and
 * strides are in elements. An element of y comes out the same for any parts that begin at multiples
 * of {@link #ROWS}.
 *
 * @param <P> float[] or double[]
 */
interface MatrixVector<P> {
  /** Rows that are summed together. */
  int ROWS = 8;

  /** Elements of room that {@link #dotRows} needs: eight vectors of the widest species. */
  int ROOM = 8 * 16;

  /**
   * Rows {@code from .. to - 1} of y, A's rows dense. Eight rows at a time have one sum of vectors
   * each; what is left below eight has two for a row, taken in turns. Columns that do not fill a
   * vector come last, then a tree over the lanes.
   *
   * @param x dense
   * @param lanes room for {@link #ROOM}
   */
  void dotRows(
      Operand a,
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      long yStep,
      long from,
      long to,
      P lanes);

  /**
   * Rows {@code from .. to - 1} of y, A's columns dense: summed in the order of k.
   *
   * @param y dense
   */
  void addColumns(
      Operand a,
      MemorySegment x,
      long xAt,
      long xStep,
      MemorySegment y,
      long yAt,
      long from,
      long to);
}
