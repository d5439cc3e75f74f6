package org.modalimmune.autodiff;

import static org.modalimmune.autodiff.Elementwise.multiply;
import static org.modalimmune.autodiff.Elementwise.subtract;

import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Tensor;

/** Differentiable normalisations over the last axis. */
public final class Normalization {
  private Normalization() {}

  /** Softmax of each row; cotangent y (g - sum g y). */
  public static Variable softmax(Variable x) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().softmax(x.tensor()),
        Rule.named("softmax", p -> p.add(0, softmaxPullback(p.output(), p.cotangent()))),
        x);
  }

  /**
   * y (g - sum g y), linear in g with a symmetric matrix: with cotangent u, the same of u for g,
   * and u (g - sum g y) - g sum u y for y.
   */
  private static Variable softmaxPullback(Variable y, Variable g) {
    Tape tape = y.tape();
    return tape.record(
        y.shape(),
        y.dtype(),
        () -> tape.ops().softmaxPullback(y.tensor(), g.tensor()),
        Rule.named(
            "softmax backward",
            p -> {
              Variable u = p.cotangent();
              if (p.wants(0)) {
                Variable centred = p.kept(() -> subtract(g, rowSum(multiply(g, y))));
                p.add(0, subtract(multiply(u, centred), multiply(g, rowSum(multiply(u, y)))));
              }
              if (p.wants(1)) {
                p.add(1, softmaxPullback(y, u));
              }
            }),
        y,
        g);
  }

  /** Logarithm of the softmax of each row; cotangent g - softmax(x) sum g. */
  public static Variable logSoftmax(Variable x) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().logSoftmax(x.tensor()),
        Rule.named("logSoftmax", p -> p.add(0, logSoftmaxPullback(p.output(), p.cotangent()))),
        x);
  }

  /** g - exp(y) sum g; with cotangent u, u - sum u exp(y) for g, and -u exp(y) sum g for y. */
  private static Variable logSoftmaxPullback(Variable y, Variable g) {
    Tape tape = y.tape();
    return tape.record(
        y.shape(),
        y.dtype(),
        () -> tape.ops().logSoftmaxPullback(y.tensor(), g.tensor()),
        Rule.named(
            "logSoftmax backward",
            p -> {
              Variable weighted = multiply(p.cotangent(), p.kept(() -> Elementwise.exp(y)));
              if (p.wants(0)) {
                p.add(0, multiply(weighted, Elementwise.negate(rowSum(g))));
              }
              if (p.wants(1)) {
                p.add(1, subtract(p.cotangent(), rowSum(weighted)));
              }
            }),
        y,
        g);
  }

  /**
   * Rows with mean removed, divided by sqrt(variance + epsilon), the variance taken over the row
   * length; cotangent (g - mean g - y mean(g y)) / sqrt(variance + epsilon).
   */
  public static Variable layerNorm(Variable x, double epsilon) {
    Ops.LayerNorm value = x.tape().ops().layerNorm(x.tensor(), epsilon);
    return normalized(x, value.normalized(), value.reciprocalStd());
  }

  /**
   * {@link #layerNorm(Variable, double)}, then {@code y gain + bias}; cotangents those of layerNorm
   * with g gain in place of g, and over the rows sum g y and sum g.
   *
   * @param gain [n] for rows of n elements
   * @param bias [n]
   */
  public static Variable layerNorm(Variable x, Variable gain, Variable bias, double epsilon) {
    Tape tape = x.tape();
    Ops.ScaledLayerNorm value =
        tape.ops().layerNorm(x.tensor(), gain.tensor(), bias.tensor(), epsilon);
    Variable normalized = normalized(x, value.normalized(), value.reciprocalStd());
    ScaledLayerNormRule rule = new ScaledLayerNormRule(normalized, value.reciprocalStd());
    return tape.record(value.scaled(), rule, x, gain, bias);
  }

  private static Variable normalized(Variable x, Tensor rows, Tensor reciprocalStd) {
    Tape tape = x.tape();
    return tape.record(
        rows,
        Rule.named(
            "layerNorm",
            p -> {
              if (p.isDifferentiable()) {
                p.add(0, pulledBack(p.input(0), p.output(), reciprocalStd, p.cotangent()));
              } else {
                Tensor g = p.cotangent().tensor();
                p.add(0, tape.constant(tape.ops().layerNormPullback(rows, reciprocalStd, g)));
              }
            }),
        x);
  }

  /** (g - mean g - y mean(g y)) r in operations that can be differentiated. */
  static Variable pulledBack(Variable x, Variable y, Tensor reciprocalStd, Variable g) {
    Variable centred = subtract(g, rowMean(g));
    Variable along = multiply(y, rowMean(multiply(g, y)));
    return multiply(reciprocalStd(x, y, reciprocalStd), subtract(centred, along));
  }

  /** r = (variance + epsilon)^(-1/2), whose derivative is dr/dx = -r^2 y / n. */
  private static Variable reciprocalStd(Variable x, Variable y, Tensor value) {
    return x.tape()
        .record(
            value,
            Rule.named(
                "reciprocalStd",
                p -> {
                  Variable r = p.output();
                  Variable factor = multiply(Elementwise.square(r), p.cotangent());
                  p.add(0, multiply(Elementwise.scale(factor, -1.0 / x.shape().dim(-1)), y));
                }),
            x);
  }

  private static Variable rowSum(Variable x) {
    return Reduction.sumTo(x, x.shape().with(-1, 1));
  }

  private static Variable rowMean(Variable x) {
    return x.shape().elements() == 0 ? rowSum(x) : Reduction.meanTo(x, x.shape().with(-1, 1));
  }
}
