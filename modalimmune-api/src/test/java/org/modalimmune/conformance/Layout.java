package org.modalimmune.conformance;

/** How a tensor's elements lie in memory. */
public enum Layout {
  /** Dense, at the start of its storage. */
  DENSE,
  /** Dense, at an odd place in the middle of its storage. */
  OFFSET,
  /** The last two axes exchanged. */
  TRANSPOSED,
  /** All axes in reverse order. */
  REVERSED,
  /** A box inside a larger tensor: gaps after each row. */
  SLICED,
  /** Neighbouring elements three apart. */
  STRIDED,
  /** Every other axis, the last first, has stride 0: for operands only. */
  EXPANDED
}
