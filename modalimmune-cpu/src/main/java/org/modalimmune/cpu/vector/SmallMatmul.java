package org.modalimmune.cpu.vector;

/** Product of small matrices where they lie. */
interface SmallMatmul {
  /**
   * C = A B.
   *
   * @param aAt position of A's first element, instead of its own offset; bAt and cAt likewise
   * @param b column stride 1
   * @param c column stride 1
   */
  void multiply(Operand a, long aAt, Operand b, long bAt, Operand c, long cAt);
}
