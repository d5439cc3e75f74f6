package org.modalimmune.masking;

import java.util.List;

/**
 * The outcome of one step on plain arrays.
 *
 * @param gradients clean + t mask .* destructive of each block, in order
 * @param reports one per block, in order
 * @param state to be given to the next step
 */
public record MaskedStep(List<double[]> gradients, List<MaskReport> reports, MaskingState state) {
  /** Copies the lists. */
  public MaskedStep {
    gradients = List.copyOf(gradients);
    reports = List.copyOf(reports);
  }
}
