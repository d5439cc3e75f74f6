package org.modalimmune.autodiff;

import java.util.Optional;

/**
 * Rule of an operation through which a parameter can enter a batched computation row by row: axis 0
 * of the result is the batch, and row i of the result depends on the parameter and on row i of the
 * other operands alone. {@link PerSampleGradients} asks it what each row contributes.
 */
public interface RowwiseRule extends Rule {
  /**
   * The rows' contributions to the gradient of an operand.
   *
   * @param pullback cotangent of the result: row i is the gradient of loss i
   * @param operand index of the parameter among the inputs
   * @param rows size of the batch
   * @return empty if the operand does not enter row by row with these shapes
   */
  Optional<RowGradient> rows(Pullback pullback, int operand, long rows);
}
