package org.modalimmune.autodiff;

import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;

/** Differentiable element-wise operations; shapes broadcast. Rules: {@link ElementwiseRules}. */
public final class Elementwise {
  private Elementwise() {}

  /** {@code op(x)}; operations that are constant almost everywhere have gradient 0. */
  public static Variable unary(UnaryOp op, Variable x) {
    Tape tape = x.tape();
    if (op == UnaryOp.GELU && x.isTracked() && tape.isRecording()) {
      // the walk back will need both, and one pass computes them at little more than the cost of
      // one
      Ops.WithDerivative both = tape.ops().geluWithDerivative(x.tensor());
      Variable y = tape.record(both.value(), ElementwiseRules.of(op), x);
      y.keep(tape.constant(both.derivative()), false);
      return y;
    }
    return tape.record(tape.ops().unary(op, x.tensor()), ElementwiseRules.of(op), x);
  }

  /** {@code op(a, b)}. */
  public static Variable binary(BinaryOp op, Variable a, Variable b) {
    Tape tape = a.tape();
    return tape.record(
        tape.ops().binary(op, a.tensor(), b.tensor()), ElementwiseRules.of(op), a, b);
  }

  /** {@code a + b}. */
  public static Variable add(Variable a, Variable b) {
    return binary(BinaryOp.ADD, a, b);
  }

  /** {@code a - b}. */
  public static Variable subtract(Variable a, Variable b) {
    return binary(BinaryOp.SUBTRACT, a, b);
  }

  /** {@code a b}, element by element. */
  public static Variable multiply(Variable a, Variable b) {
    return binary(BinaryOp.MULTIPLY, a, b);
  }

  /** {@code a / b}. */
  public static Variable divide(Variable a, Variable b) {
    return binary(BinaryOp.DIVIDE, a, b);
  }

  /** The larger of each pair; at a tie the gradient is shared equally. */
  public static Variable maximum(Variable a, Variable b) {
    return binary(BinaryOp.MAXIMUM, a, b);
  }

  /** The smaller of each pair; at a tie the gradient is shared equally. */
  public static Variable minimum(Variable a, Variable b) {
    return binary(BinaryOp.MINIMUM, a, b);
  }

  /** {@code scale x + shift}. */
  public static Variable affine(Variable x, double scale, double shift) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().affine(x.tensor(), scale, shift),
        Rule.named("affine", p -> p.add(0, affine(p.cotangent(), scale, 0))),
        x);
  }

  /** {@code scale x}. */
  public static Variable scale(Variable x, double scale) {
    return affine(x, scale, 0);
  }

  /** {@code -x}. */
  public static Variable negate(Variable x) {
    return unary(UnaryOp.NEGATE, x);
  }

  /** {@code x x}. */
  public static Variable square(Variable x) {
    return unary(UnaryOp.SQUARE, x);
  }

  /** {@code max(x, 0)}; the derivative at 0 is 0. */
  public static Variable relu(Variable x) {
    return unary(UnaryOp.RELU, x);
  }

  /** {@code e^x}. */
  public static Variable exp(Variable x) {
    return unary(UnaryOp.EXP, x);
  }

  /** {@code ln x}. */
  public static Variable log(Variable x) {
    return unary(UnaryOp.LOG, x);
  }

  /** {@code tanh x}. */
  public static Variable tanh(Variable x) {
    return unary(UnaryOp.TANH, x);
  }

  /** {@code 1 / (1 + e^-x)}. */
  public static Variable sigmoid(Variable x) {
    return unary(UnaryOp.SIGMOID, x);
  }

  /** {@code condition != 0 ? a : b}; no gradient flows to the condition. */
  public static Variable select(Variable condition, Variable a, Variable b) {
    Tape tape = condition.tape();
    return tape.record(
        tape.ops().select(condition.tensor(), a.tensor(), b.tensor()),
        Rule.named(
            "select",
            p -> {
              Variable g = p.cotangent();
              Variable zero = tape.constant(0, g.dtype());
              if (p.wants(1)) {
                p.add(1, Reduction.sumTo(select(p.input(0), g, zero), p.input(1).shape()));
              }
              if (p.wants(2)) {
                p.add(2, Reduction.sumTo(select(p.input(0), zero, g), p.input(2).shape()));
              }
            }),
        condition,
        a,
        b);
  }

  /** {@code min(max(x, low), high)}; the gradient passes on the closed interval only. */
  public static Variable clamp(Variable x, double low, double high) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().clamp(x.tensor(), low, high),
        Rule.named(
            "clamp",
            p -> {
              Variable inside = binary(BinaryOp.EQUAL, p.input(0).detach(), p.output().detach());
              p.add(0, select(inside, p.cotangent(), tape.constant(0, x.dtype())));
            }),
        x);
  }

  /** The same values in another element type. */
  public static Variable cast(Variable x, DType dtype) {
    if (x.dtype() == dtype) {
      return x;
    }
    Tape tape = x.tape();
    DType from = x.dtype();
    return tape.record(
        tape.ops().cast(x.tensor(), dtype),
        Rule.named("cast", p -> p.add(0, cast(p.cotangent(), from))),
        x);
  }
}
