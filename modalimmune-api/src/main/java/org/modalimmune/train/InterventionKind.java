package org.modalimmune.train;

/** What becomes of an embedding that is lost without notice, as far as the severity says. */
public enum InterventionKind {
  /** Zeros. */
  OMIT,
  /** Gaussian noise with the embedding's own column means and standard deviations. */
  NOISE,
  /** Another row's embedding. */
  SHUFFLE,
  /** The embedding of an input of zeros. */
  ZERO_INPUT,
  /** The embedding with all directions but the leading one shrunk, and noise along that one. */
  SHRINK
}
