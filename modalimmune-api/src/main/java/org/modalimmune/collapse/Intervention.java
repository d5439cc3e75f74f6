package org.modalimmune.collapse;

import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;

/**
 * Collapse of one modality's embedding as a forward intervention: the rest of the model learns to
 * do without. The result is (1 - severity) z + severity r, with a replacement r that carries no
 * information about the row.
 */
public interface Intervention {
  /**
   * Applies the intervention.
   *
   * @param embedding z [B, d]
   * @param severity from 0 (untouched) to 1 (replaced)
   * @param key names the draws
   * @return [B, d]
   * @throws IllegalArgumentException if the severity is outside [0, 1]
   */
  Variable apply(Variable embedding, double severity, RandomKey key);
}
