package org.modalimmune.autodiff;

import static org.modalimmune.autodiff.Elementwise.affine;
import static org.modalimmune.autodiff.Elementwise.scale;
import static org.modalimmune.autodiff.Elementwise.square;
import static org.modalimmune.autodiff.Elementwise.unary;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * Rule of g f'(x), the cotangent that an activation y = f(x) hands on: with cotangent u, u f'(x)
 * for g and u (g f''(x)) for x. Taken as one operation, a product with the Hessian costs two
 * multiplications here; f' as an operation of its own would cost three or more.
 *
 * @param op f
 * @param slope f'(x), a function of x
 * @param y f(x)
 */
record SlopeRule(UnaryOp op, Variable slope, Variable y) implements Rule {
  /** Whether f'' is known. */
  static boolean knows(UnaryOp op) {
    return switch (op) {
      case GELU, TANH, SIGMOID, SOFTPLUS -> true;
      default -> false;
    };
  }

  /** {@code g f'(x)}, recorded. */
  static Variable multiply(UnaryOp op, Variable g, Variable slope, Variable x, Variable y) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().binary(BinaryOp.MULTIPLY, g.tensor(), slope.tensor()),
        new SlopeRule(op, slope, y),
        g,
        x);
  }

  @Override
  public String operation() {
    return op + " backward";
  }

  @Override
  public void pullBack(Pullback p) {
    Variable u = p.cotangent();
    if (p.wants(0)) {
      p.addMultiplied(0, u, slope);
    }
    if (p.wants(1)) {
      Variable g = p.input(0);
      Variable x = p.input(1);
      p.addMultiplied(1, u, p.kept(() -> Elementwise.multiply(g, curvature(x))));
    }
  }

  /** f''(x). */
  private Variable curvature(Variable x) {
    return switch (op) {
      case GELU -> Elementwise.multiply(unary(UnaryOp.NORMAL_PDF, x), affine(square(x), -1, 2));
      case TANH -> Elementwise.multiply(scale(y, -2), slope);
      case SIGMOID -> Elementwise.multiply(affine(y, -2, 1), slope);
      case SOFTPLUS -> Elementwise.multiply(slope, affine(slope, -1, 1));
      default -> throw new IllegalStateException(op + " has no second derivative here");
    };
  }
}
