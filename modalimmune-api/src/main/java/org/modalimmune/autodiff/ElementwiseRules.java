package org.modalimmune.autodiff;

import static org.modalimmune.autodiff.Elementwise.add;
import static org.modalimmune.autodiff.Elementwise.affine;
import static org.modalimmune.autodiff.Elementwise.binary;
import static org.modalimmune.autodiff.Elementwise.divide;
import static org.modalimmune.autodiff.Elementwise.exp;
import static org.modalimmune.autodiff.Elementwise.multiply;
import static org.modalimmune.autodiff.Elementwise.negate;
import static org.modalimmune.autodiff.Elementwise.scale;
import static org.modalimmune.autodiff.Elementwise.sigmoid;
import static org.modalimmune.autodiff.Elementwise.square;
import static org.modalimmune.autodiff.Elementwise.unary;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;

/** The table of derivative rules of the element-wise operations. */
final class ElementwiseRules {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  private ElementwiseRules() {}

  /** Rule of y = op(x): cotangent of x from x, y and the cotangent g of y. */
  static Rule of(UnaryOp op) {
    return Rule.named(
        op.name(),
        switch (op) {
          case SIGN, STEP, IS_FINITE -> p -> {};
          case NEGATE, LOG, LOG1P, SQRT, RELU, EXP, SQUARE ->
              p -> p.add(0, derivative(op, p.input(0), p));
          default -> p -> addSlope(op, p);
        });
  }

  /** g f'(x); where it is differentiated again, f'' is at hand for the activations. */
  private static void addSlope(UnaryOp op, Pullback p) {
    Variable x = p.input(0);
    Variable g = p.cotangent();
    Variable slope = p.kept(() -> slope(op, x, p.output()));
    if (p.isDifferentiable() && SlopeRule.knows(op)) {
      p.add(0, SlopeRule.multiply(op, g, slope, x, p.output()));
    } else {
      p.addMultiplied(0, g, slope);
    }
  }

  private static Variable derivative(UnaryOp op, Variable x, Pullback p) {
    Variable g = p.cotangent();
    Variable y = p.output();
    return switch (op) {
      case NEGATE -> negate(g);
      case LOG -> divide(g, x);
      case LOG1P -> divide(g, affine(x, 1, 1));
      case SQRT -> scale(divide(g, y), 0.5);
      case RELU -> binary(BinaryOp.GATE, g, x);
      case EXP -> multiply(g, y);
      case SQUARE -> multiply(g, scale(x, 2));
      default -> throw new IllegalStateException(op + " has a slope");
    };
  }

  /** dy/dx where it takes more than one pass, or a series. */
  private static Variable slope(UnaryOp op, Variable x, Variable y) {
    return switch (op) {
      case ABS -> unary(UnaryOp.SIGN, x);
      case RECIPROCAL -> negate(square(y));
      case TANH -> affine(square(y), -1, 1);
      case SIGMOID -> multiply(y, affine(y, -1, 1));
      case SOFTPLUS -> sigmoid(x);
      case ERF -> scale(exp(negate(square(x))), TWO_OVER_ROOT_PI);
      case NORMAL_PDF -> negate(multiply(x, y));
      case NORMAL_CDF -> unary(UnaryOp.NORMAL_PDF, x);
      case GELU -> geluSlope(x, y);
      case GELU_DERIVATIVE -> multiply(unary(UnaryOp.NORMAL_PDF, x), affine(square(x), -1, 2));
      default -> throw new IllegalStateException(op + " has no slope of its own");
    };
  }

  /** The derivative that came with the value, if it is there, as a function of x. */
  private static Variable geluSlope(Variable x, Variable y) {
    Variable known = y.kept(false);
    return known == null
        ? unary(UnaryOp.GELU_DERIVATIVE, x)
        : x.tape().record(known.tensor(), of(UnaryOp.GELU_DERIVATIVE), x);
  }

  /** Rule of y = op(a, b) with broadcasting. */
  static Rule of(BinaryOp op) {
    return switch (op) {
      case ADD, SUBTRACT, MULTIPLY -> new BroadcastRule(op);
      case DIVIDE ->
          Rule.named(
              op.name(),
              p -> {
                addTo(p, 0, () -> divide(p.cotangent(), p.input(1)));
                addTo(p, 1, () -> negate(divide(multiply(p.cotangent(), p.output()), p.input(1))));
              });
      case MAXIMUM, MINIMUM ->
          Rule.named(
              op.name(),
              p -> {
                addTo(p, 0, () -> multiply(p.cotangent(), share(p.input(0), p)));
                addTo(p, 1, () -> multiply(p.cotangent(), share(p.input(1), p)));
              });
      case GATE ->
          Rule.named(
              op.name(), p -> addTo(p, 0, () -> binary(BinaryOp.GATE, p.cotangent(), p.input(1))));
      case GREATER, EQUAL -> Rule.named(op.name(), p -> {});
    };
  }

  /** Share of the gradient that an operand of a maximum or minimum gets: 1, 0, or 1/2 at a tie. */
  private static Variable share(Variable operand, Pullback p) {
    Variable first = equal(p.input(0), p.output());
    Variable second = equal(p.input(1), p.output());
    return divide(equal(operand, p.output()), add(first, second));
  }

  private static Variable equal(Variable a, Variable b) {
    return binary(BinaryOp.EQUAL, a.detach(), b.detach());
  }

  private interface Derivative {
    Variable compute();
  }

  private static void addTo(Pullback p, int operand, Derivative d) {
    if (p.wants(operand)) {
      p.add(operand, Reduction.sumTo(d.compute(), p.input(operand).shape()));
    }
  }
}
