package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * The innermost part of a packed matrix product: a tile of C from rows of A and a panel of B.
 *
 * <p>All sums of a tile stay in registers, and the compiler loads operands well ahead of their use:
 * a shape is good if its sums, a row of B and most of a column of A fit in the register file. Sums
 * are named locals, because the compiler keeps no array of vectors in registers; one method,
 * because a sum that is handed to another one would live in memory. Panels are arrays: the first
 * compiler makes far less code of an array access than of one to a memory segment, and a tile must
 * not be too much code for it.
 *
 * @param <P> float[] or double[]
 */
interface Tile<P> {
  /** Rows of the tile. */
  int rows();

  /** Vectors in a row of the tile. */
  int vectors();

  /**
   * C = base + A B for a whole tile: the product is summed in the order of k, from zero, then
   * added.
   *
   * @param depth columns of A, rows of B
   * @param a rows of A, {@link Panels#ROW} elements from one to the next
   * @param aAt position of A's first element
   * @param b panel of B, rows of {@code vectors()} vectors
   * @param bAt position of B's first element
   * @param base what is added to; may be C
   * @param baseAt position of its first element, in bytes
   * @param baseRow from a row of the base to the next, in bytes
   * @param c the output
   * @param cAt position of its first element, in bytes
   * @param cRow from a row of C to the next, in bytes
   */
  void multiply(
      int depth,
      P a,
      int aAt,
      P b,
      int bAt,
      MemorySegment base,
      long baseAt,
      long baseRow,
      MemorySegment c,
      long cAt,
      long cRow);
}
