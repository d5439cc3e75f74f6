package org.modalimmune.train;

/** What masking protects; all other terms of the loss are destructive. */
public enum GuardedPart {
  /** The prediction with everything present, and the reconstruction. */
  COMPLETE,
  /** Every prediction that knows what is missing, and the reconstruction. */
  TOLD
}
