package org.modalimmune.masking;

import java.util.Optional;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;

/**
 * The loss that is to be protected.
 *
 * @param loss a scalar; its gradient and Hessian are meant
 * @param rows losses [B], one per row of the batch, whose gradients make the Fisher diagonal;
 *     needed by the soft mask alone. What {@link org.modalimmune.autodiff.PerSampleGradients} says
 *     of rows and parameters holds for them
 */
public record CleanLoss(Variable loss, Optional<Variable> rows) {
  /** The mean of the losses of the rows. */
  public static CleanLoss ofRows(Variable rows) {
    return new CleanLoss(Reduction.mean(rows), Optional.of(rows));
  }

  /** A scalar and the losses of the rows, of which it may contain more than the mean. */
  public static CleanLoss of(Variable loss, Variable rows) {
    return new CleanLoss(loss, Optional.of(rows));
  }

  /** A scalar alone: for options without a soft mask. */
  public static CleanLoss of(Variable loss) {
    return new CleanLoss(loss, Optional.empty());
  }
}
