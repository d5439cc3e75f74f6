package org.modalimmune.autodiff;

import java.util.Optional;
import org.modalimmune.tensor.Shape;

/**
 * Rule of y = x w, and of y = x w + b, for x [..., k], w [k, n] and b [n]: cotangents g w', x' g
 * and the column sums of g, all leading axes taken as one.
 */
record ProductRule(String operation) implements RowwiseRule {
  private static final int BIAS = 2;

  @Override
  public void pullBack(Pullback p) {
    Variable g = flat(p.cotangent());
    if (p.input(0).shape().rank() == 2) {
      p.addProduct(0, g, false, p.input(1), true);
    } else if (p.wants(0)) {
      Variable wide = Matrix.product(g, false, p.input(1), true);
      p.add(0, Shaping.reshape(wide, p.input(0).shape()));
    }
    if (p.wants(1)) {
      p.addProduct(1, flat(p.input(0)), true, g, false);
    }
    if (p.inputCount() > BIAS && p.wants(BIAS)) {
      p.add(BIAS, Reduction.sumTo(g, p.input(BIAS).shape()));
    }
  }

  @Override
  public Optional<RowGradient> rows(Pullback p, int operand, long rows) {
    return switch (operand) {
      case 1 -> OuterProducts.of(p.input(0), p.cotangent(), rows);
      case BIAS -> BroadcastRows.of(p.cotangent(), p.input(BIAS).shape(), rows);
      default -> Optional.empty();
    };
  }

  private static Variable flat(Variable v) {
    return Shaping.reshape(v, flat(v.shape()));
  }

  /** The shape [product of the leading axes, last axis]. */
  static Shape flat(Shape s) {
    return s.rank() == 2 ? s : Shape.of(s.with(-1, 1).elements(), s.dim(-1));
  }
}
