package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.UnaryOp;

/** Element-wise layers without parameters. */
public enum Activation implements Layer {
  /** max(x, 0); derivative 0 at 0. */
  RELU(UnaryOp.RELU),
  /** x Phi(x), Phi the standard normal distribution function (Hendrycks and Gimpel 2016). */
  GELU(UnaryOp.GELU),
  /** Hyperbolic tangent. */
  TANH(UnaryOp.TANH),
  /** 1 / (1 + e^-x). */
  SIGMOID(UnaryOp.SIGMOID);

  private final UnaryOp op;

  Activation(UnaryOp op) {
    this.op = op;
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    return Elementwise.unary(op, x);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
