package org.modalimmune.masking;

import java.util.List;
import org.modalimmune.tensor.Tensor;

/**
 * The outcome of one step on tensors.
 *
 * @param blocks the masked gradient of each parameter of each block, in their order, of the
 *     parameter's shape and type; contiguous
 * @param reports one per block
 * @param state to be given to the next step
 */
public record MaskedGradients(
    List<List<Tensor>> blocks, List<MaskReport> reports, MaskingState state) {
  /** Copies the lists. */
  public MaskedGradients {
    blocks = blocks.stream().map(List::copyOf).toList();
    reports = List.copyOf(reports);
  }

  /** The gradients of all blocks' parameters in one list. */
  public List<Tensor> gradients() {
    return blocks.stream().flatMap(List::stream).toList();
  }
}
