package org.modalimmune.collapse;

import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;

/**
 * Collapse of one modality's embedding as a forward intervention: the rest of the model learns to
 * do without. At severity 0 the embedding is untouched, at 1 nothing is left of the row's own
 * information; in between the share that is left falls with the severity.
 */
public interface Intervention {
  /**
   * Applies the intervention, differentiable in the embedding and in the severity.
   *
   * @param embedding z [B, d]
   * @param severity a scalar from 0 (untouched) to 1 (gone)
   * @param key names the draws
   * @return [B, d]
   * @throws IllegalArgumentException if the severity is outside [0, 1]
   */
  Variable apply(Variable embedding, Variable severity, RandomKey key);

  /** The same at a given severity. */
  default Variable apply(Variable embedding, double severity, RandomKey key) {
    Severity.require(severity);
    return apply(embedding, embedding.tape().constant(severity, embedding.dtype()), key);
  }
}
