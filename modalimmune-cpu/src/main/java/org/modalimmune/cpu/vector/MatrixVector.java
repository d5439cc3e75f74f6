package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * y = A x where A lies: each element of A is read once, so that memory sets the pace. Positions and
 * strides are in elements. An element of y comes out the same whichever rows are done with it.
 *
 * @param <P> float[] or double[]
 */
interface MatrixVector<P> {
  /** Elements of room that {@link #dotRows} needs: four vectors of the widest species. */
  int ROOM = 4 * 16;

  /**
   * Rows {@code from .. to - 1} of y, A's rows dense: two sums of vectors per row, the columns that
   * do not fill two vectors in the first of them, then a tree over the lanes.
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
