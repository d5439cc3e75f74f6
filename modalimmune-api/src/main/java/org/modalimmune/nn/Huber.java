package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;

/**
 * Huber's loss (Annals of Mathematical Statistics 35, 1964) of the residual r = prediction -
 * target: {@code r^2 / 2} for |r| at most delta, {@code delta (|r| - delta / 2)} beyond.
 */
public final class Huber {
  private Huber() {}

  /**
   * Mean over all elements, a scalar.
   *
   * @param target of the prediction's shape; nothing broadcasts
   * @param delta where the loss becomes linear, positive and finite
   */
  public static Variable mean(Variable prediction, Variable target, double delta) {
    LossMean.requireSame("huber", prediction, target);
    return Reduction.mean(loss(Elementwise.subtract(prediction, target), delta));
  }

  /**
   * Mean over the elements of valid rows, a scalar; 0 if there is none. What invalid rows hold, NaN
   * included, influences neither value nor gradient.
   *
   * @param rowMask [B], 0 for rows left out
   */
  public static Variable mean(
      Variable prediction, Variable target, double delta, Variable rowMask) {
    LossMean.requireSame("huber", prediction, target);
    Variable residual =
        LossMean.cleared("huber", Elementwise.subtract(prediction, target), rowMask);
    return LossMean.of("huber", loss(residual, delta), rowMask);
  }

  /** With c the residual clamped to [-delta, delta], both branches are c (r - c / 2). */
  private static Variable loss(Variable residual, double delta) {
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("huber: delta must be positive and finite, got " + delta);
    }
    Variable clamped = Elementwise.clamp(residual, -delta, delta);
    return Elementwise.multiply(
        clamped, Elementwise.subtract(residual, Elementwise.scale(clamped, 0.5)));
  }
}
