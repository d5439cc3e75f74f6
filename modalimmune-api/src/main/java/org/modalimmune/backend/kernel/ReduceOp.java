package org.modalimmune.backend.kernel;

/** Reductions over axes. */
public enum ReduceOp {
  /** Sum; 0 over no elements. */
  SUM,
  /** Largest element; NaN if there is one. Needs at least one element. */
  MAX,
  /** Smallest element; NaN if there is one. Needs at least one element. */
  MIN
}
