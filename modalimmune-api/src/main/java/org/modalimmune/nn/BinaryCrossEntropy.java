package org.modalimmune.nn;

import static org.modalimmune.autodiff.Elementwise.add;
import static org.modalimmune.autodiff.Elementwise.affine;
import static org.modalimmune.autodiff.Elementwise.multiply;
import static org.modalimmune.autodiff.Elementwise.negate;
import static org.modalimmune.autodiff.Elementwise.unary;

import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * Cross-entropy of independent yes-or-no outcomes, in nats, from logits x and targets y in [0, 1]:
 * {@code y softplus(-x) + (1 - y) softplus(x)}, softplus(x) = ln(1 + e^x). The two terms never
 * cancel, so a small loss keeps its relative accuracy.
 */
public final class BinaryCrossEntropy {
  private BinaryCrossEntropy() {}

  /**
   * Mean over all elements, a scalar.
   *
   * @param target of the logits' shape, in [0, 1]; nothing broadcasts
   */
  public static Variable mean(Variable logits, Variable target) {
    LossMean.requireSame("binaryCrossEntropy", logits, target);
    return Reduction.mean(loss(logits, target));
  }

  /**
   * Mean over the elements of valid rows, a scalar; 0 if there is none. What invalid rows hold, NaN
   * included, influences neither value nor gradient.
   *
   * @param rowMask [B], 0 for rows left out
   */
  public static Variable mean(Variable logits, Variable target, Variable rowMask) {
    LossMean.requireSame("binaryCrossEntropy", logits, target);
    Variable x = LossMean.cleared("binaryCrossEntropy", logits, rowMask);
    Variable y = LossMean.cleared("binaryCrossEntropy", target, rowMask);
    return LossMean.of("binaryCrossEntropy", loss(x, y), rowMask);
  }

  private static Variable loss(Variable x, Variable y) {
    Variable yes = multiply(y, unary(UnaryOp.SOFTPLUS, negate(x)));
    Variable no = multiply(affine(y, -1, 1), unary(UnaryOp.SOFTPLUS, x));
    return add(yes, no);
  }
}
