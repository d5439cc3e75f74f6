package org.modalimmune.autodiff;

import static org.modalimmune.autodiff.Elementwise.multiply;
import static org.modalimmune.autodiff.Elementwise.subtract;

import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.UnaryOp;

/** Differentiable normalisations over the last axis. */
public final class Normalization {
  private Normalization() {}

  /** Softmax of each row; cotangent y (g - sum g y). */
  public static Variable softmax(Variable x) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().softmax(x.tensor()),
        Rule.named(
            "softmax",
            p -> {
              Variable gy = multiply(p.cotangent(), p.output());
              p.add(0, subtract(gy, multiply(p.output(), rowSum(gy))));
            }),
        x);
  }

  /** Logarithm of the softmax of each row; cotangent g - softmax(x) sum g. */
  public static Variable logSoftmax(Variable x) {
    Tape tape = x.tape();
    return tape.record(
        tape.ops().logSoftmax(x.tensor()),
        Rule.named(
            "logSoftmax",
            p -> {
              Variable g = p.cotangent();
              p.add(0, subtract(g, multiply(Elementwise.exp(p.output()), rowSum(g))));
            }),
        x);
  }

  /**
   * Rows with mean removed, divided by sqrt(variance + epsilon), the variance taken over the row
   * length; cotangent (g - mean g - y mean(g y)) / sqrt(variance + epsilon).
   */
  public static Variable layerNorm(Variable x, double epsilon) {
    Tape tape = x.tape();
    Ops.LayerNorm value = tape.ops().layerNorm(x.tensor(), epsilon);
    return tape.record(
        value.normalized(),
        Rule.named(
            "layerNorm",
            p -> {
              Variable g = p.cotangent();
              Variable y = p.output();
              Variable reciprocalStd =
                  p.isDifferentiable()
                      ? reciprocalStd(p.input(0), epsilon)
                      : tape.constant(value.reciprocalStd());
              Variable centred = subtract(g, rowMean(g));
              Variable along = multiply(y, rowMean(multiply(g, y)));
              p.add(0, multiply(reciprocalStd, subtract(centred, along)));
            }),
        x);
  }

  private static Variable reciprocalStd(Variable x, double epsilon) {
    Variable variance = rowMean(Elementwise.square(subtract(x, rowMean(x))));
    Variable std = Elementwise.unary(UnaryOp.SQRT, Elementwise.affine(variance, 1, epsilon));
    return Elementwise.unary(UnaryOp.RECIPROCAL, std);
  }

  private static Variable rowSum(Variable x) {
    return Reduction.sumTo(x, x.shape().with(-1, 1));
  }

  private static Variable rowMean(Variable x) {
    return x.shape().elements() == 0 ? rowSum(x) : Reduction.meanTo(x, x.shape().with(-1, 1));
  }
}
