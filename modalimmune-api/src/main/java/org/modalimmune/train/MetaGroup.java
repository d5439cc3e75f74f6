package org.modalimmune.train;

/** Kinds of settings that the hyper-gradient can move. */
public enum MetaGroup {
  /** Isotropic and spectral noise of each modality. */
  NOISE,
  /** Weights of the full pattern, the distillation and the silent term. */
  WEIGHTS,
  /** How far a silently lost modality is replaced. */
  SEVERITY,
  /** Weight decay of each encoder and of what they share. */
  DECAY,
  /** Weight of each presence pattern, or of each number of present modalities. */
  PATTERNS
}
