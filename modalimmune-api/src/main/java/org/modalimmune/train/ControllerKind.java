package org.modalimmune.train;

/** How the immune method chooses presence patterns. */
public enum ControllerKind {
  /** Every incomplete pattern alike. */
  UNIFORM,
  /** Every number of present modalities alike, and every pattern of one number alike. */
  STRATIFIED,
  /** Stratified at first, then weighted towards the patterns that are still hard. */
  HEDGE
}
