package org.modalimmune.backend.kernel;

/** Element-wise functions of two operands. NaN in either gives NaN out unless stated. */
public enum BinaryOp {
  /** a + b. */
  ADD,
  /** a - b. */
  SUBTRACT,
  /** a b. */
  MULTIPLY,
  /** a / b by IEEE 754. */
  DIVIDE,
  /** The larger. */
  MAXIMUM,
  /** The smaller. */
  MINIMUM,
  /**
   * a where b > 0, else 0: the derivative of a rectifier; a's NaN does not pass where b is at most
   * 0; NaN where b is NaN.
   */
  GATE,
  /** 1 where a > b, else 0, also for NaN. */
  GREATER,
  /** 1 where a = b, else 0, also for NaN. */
  EQUAL
}
