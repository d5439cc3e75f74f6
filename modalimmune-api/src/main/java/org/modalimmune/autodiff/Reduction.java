package org.modalimmune.autodiff;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.tensor.Shape;

/** Differentiable reductions. */
public final class Reduction {
  private Reduction() {}

  /**
   * Sums over the axes on which {@code target} has size 1, and over leading axes it lacks; the
   * adjoint of {@link Shaping#expand}.
   */
  public static Variable sumTo(Variable x, Shape target) {
    if (x.shape().equals(target)) {
      return x;
    }
    Tape tape = x.tape();
    Shape from = x.shape();
    return tape.record(
        target,
        x.dtype(),
        () -> tape.ops().reduceTo(ReduceOp.SUM, x.tensor(), target),
        Rule.named("sum", p -> p.add(0, Shaping.expand(p.cotangent(), from))),
        x);
  }

  /** Sum of all elements, a scalar. */
  public static Variable sum(Variable x) {
    return sumTo(x, Shape.of());
  }

  /** Sum over one axis, which is removed. */
  public static Variable sum(Variable x, int axis) {
    return Shaping.reshape(sumTo(x, x.shape().with(axis, 1)), x.shape().without(axis));
  }

  /**
   * Mean of all elements, a scalar.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Variable mean(Variable x) {
    return meanTo(x, Shape.of());
  }

  /** Mean over one axis, which is removed. */
  public static Variable mean(Variable x, int axis) {
    return Shaping.reshape(meanTo(x, x.shape().with(axis, 1)), x.shape().without(axis));
  }

  /** Mean over the axes on which {@code target} has size 1, and over leading axes it lacks. */
  public static Variable meanTo(Variable x, Shape target) {
    if (x.tensor().elements() == 0) {
      throw new IllegalArgumentException("mean: no elements in " + x.shape());
    }
    double count = (double) x.tensor().elements() / target.elements();
    return Elementwise.scale(sumTo(x, target), 1 / count);
  }

  /** Largest element over one axis, which is removed; ties share the gradient equally. */
  public static Variable max(Variable x, int axis) {
    return extremum(ReduceOp.MAX, x, axis);
  }

  /** Smallest element over one axis, which is removed; ties share the gradient equally. */
  public static Variable min(Variable x, int axis) {
    return extremum(ReduceOp.MIN, x, axis);
  }

  private static Variable extremum(ReduceOp op, Variable x, int axis) {
    Tape tape = x.tape();
    Shape kept = x.shape().with(axis, 1);
    Variable result =
        tape.record(
            tape.ops().reduceTo(op, x.tensor(), kept),
            Rule.named(
                op.name(),
                p -> {
                  Variable chosen =
                      Elementwise.binary(BinaryOp.EQUAL, p.input(0).detach(), p.output().detach());
                  Variable share = Elementwise.divide(chosen, sumTo(chosen, kept));
                  p.add(0, Elementwise.multiply(share, p.cotangent()));
                }),
            x);
    return Shaping.reshape(result, x.shape().without(axis));
  }

  /** Sum of the squares of all elements, a scalar; no square is stored. */
  public static Variable sumOfSquares(Variable x) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().dot(x.tensor(), x.tensor()),
        Rule.named(
            "sumOfSquares",
            p -> p.add(0, Elementwise.multiply(p.input(0), Elementwise.scale(p.cotangent(), 2)))),
        x);
  }

  /** Sum of products over all elements of two variables of one shape, a scalar. */
  public static Variable dot(Variable a, Variable b) {
    Tape tape = a.tape();
    return tape.record(
        tape.ops().dot(a.tensor(), b.tensor()),
        Rule.named(
            "dot",
            p -> {
              if (p.wants(0)) {
                p.add(0, Elementwise.multiply(p.input(1), p.cotangent()));
              }
              if (p.wants(1)) {
                p.add(1, Elementwise.multiply(p.input(0), p.cotangent()));
              }
            }),
        a,
        b);
  }
}
