package org.modalimmune.autodiff;

import java.util.Optional;
import org.modalimmune.backend.kernel.BinaryOp;

/**
 * Rule of a sum, difference or product of two operands, either of which may be a parameter that is
 * broadcast along the batch.
 *
 * @param op ADD, SUBTRACT or MULTIPLY
 */
record BroadcastRule(BinaryOp op) implements RowwiseRule {
  @Override
  public String operation() {
    return op.name();
  }

  @Override
  public void pullBack(Pullback p) {
    for (int i = 0; i < 2; i++) {
      if (p.wants(i)) {
        p.add(i, Reduction.sumTo(wide(p, i), p.input(i).shape()));
      }
    }
  }

  @Override
  public Optional<RowGradient> rows(Pullback p, int operand, long rows) {
    return BroadcastRows.of(wide(p, operand), p.input(operand).shape(), rows);
  }

  /** Cotangent of an operand after broadcasting. */
  private Variable wide(Pullback p, int operand) {
    Variable g = p.cotangent();
    return switch (op) {
      case ADD -> g;
      case SUBTRACT -> operand == 0 ? g : Elementwise.negate(g);
      case MULTIPLY -> Elementwise.multiply(g, p.input(1 - operand));
      default -> throw new IllegalStateException(op + " is not linear in each operand");
    };
  }
}
