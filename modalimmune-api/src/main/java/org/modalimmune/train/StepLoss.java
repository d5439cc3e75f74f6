package org.modalimmune.train;

import java.util.List;
import java.util.Optional;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Variable;

/**
 * The loss of one step and what the operators need to know of it.
 *
 * @param total what is minimised, a scalar
 * @param guarded the part of it that destructive gradients must not harm; empty if the method has
 *     no such part
 * @param outputs predictions that the loss is convex in, for the Gauss-Newton matrix; may be empty
 */
public record StepLoss(Variable total, Optional<GuardedLoss> guarded, List<Variable> outputs) {
  /** Copies the list. */
  public StepLoss {
    outputs = List.copyOf(outputs);
  }

  /** A loss without parts. */
  public static StepLoss of(Variable total) {
    return new StepLoss(total, Optional.empty(), List.of());
  }

  /** What is left of the total without the guarded part. */
  public Optional<Variable> destructive() {
    return guarded.map(g -> Elementwise.subtract(total, g.loss()));
  }
}
