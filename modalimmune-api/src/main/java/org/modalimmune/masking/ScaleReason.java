package org.modalimmune.masking;

/** Why a destructive step has the scale it has. */
public enum ScaleReason {
  /** The whole step, since no budget was set. */
  NO_BUDGET,
  /** The whole step, since it keeps to the budget. */
  WITHIN_BUDGET,
  /** The part of the step that uses the budget up. */
  AT_BUDGET,
  /** No step, since the block is frozen. */
  FROZEN,
  /** There is no step to scale: the block's destructive gradient is zero, or the block empty. */
  NOTHING_TO_SCALE
}
