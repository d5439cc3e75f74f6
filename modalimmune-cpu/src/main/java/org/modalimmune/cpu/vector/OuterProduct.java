package org.modalimmune.cpu.vector;

/**
 * Product of a column and a row: each element of C is written once, so that memory sets the pace.
 */
interface OuterProduct {
  /**
   * Rows {@code from .. to - 1} of C = A B.
   *
   * @param a one column
   * @param b one row, dense
   * @param c column stride 1
   */
  void multiply(Operand a, Operand b, Operand c, long from, long to);
}
