package org.modalimmune.train;

/** How the immune method chooses presence patterns. */
public enum ControllerKind {
  /** Every incomplete pattern alike. */
  UNIFORM,
  /** Every number of present modalities alike, and every pattern of one number alike. */
  STRATIFIED,
  /** Stratified at first, then weighted towards what the held-out losses of all patterns favour. */
  HEDGE,
  /** A bandit that looks at a few drawn patterns at a time: EXP3 with implicit exploration. */
  EXP3_IX,
  /** A bandit that looks at a few drawn patterns at a time: EXP3.P. */
  EXP3P
}
