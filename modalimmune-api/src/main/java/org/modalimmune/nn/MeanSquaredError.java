package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;

/** Mean over all elements of {@code (prediction - target)^2}. */
public final class MeanSquaredError {
  private MeanSquaredError() {}

  /**
   * Mean over all elements, a scalar.
   *
   * @param target of the prediction's shape; nothing broadcasts
   * @throws IllegalArgumentException if the shapes differ or there are no elements
   */
  public static Variable mean(Variable prediction, Variable target) {
    LossMean.requireSame("meanSquaredError", prediction, target);
    long count = prediction.shape().elements();
    if (count == 0) {
      throw new IllegalArgumentException("meanSquaredError: no elements in " + prediction.shape());
    }
    Variable residual = Elementwise.subtract(prediction, target);
    return Elementwise.scale(Reduction.sumOfSquares(residual), 1.0 / count);
  }

  /**
   * Mean over the elements of valid rows, a scalar; 0 if there is none. What invalid rows hold, NaN
   * included, influences neither value nor gradient.
   *
   * @param rowMask [B], 0 for rows left out
   */
  public static Variable mean(Variable prediction, Variable target, Variable rowMask) {
    LossMean.requireSame("meanSquaredError", prediction, target);
    Variable residual =
        LossMean.cleared("meanSquaredError", Elementwise.subtract(prediction, target), rowMask);
    return LossMean.of("meanSquaredError", Elementwise.square(residual), rowMask);
  }
}
