package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * Element-wise kernels. All operands have the output's shape; the output may be an operand's view.
 */
public interface ElementwiseKernels {
  /** {@code out = op(x)}. */
  void unary(UnaryOp op, Tensor x, Tensor out);

  /**
   * {@code out = x Phi(x)} and {@code derivative = Phi(x) + x phi(x)}: {@link UnaryOp#GELU} and
   * {@link UnaryOp#GELU_DERIVATIVE}, which share most of their work. To be overridden where one
   * pass is faster than two. All three have x's shape and type; neither result may overlap x or the
   * other one.
   */
  default void geluWithDerivative(Tensor x, Tensor out, Tensor derivative) {
    unary(UnaryOp.GELU, x, out);
    unary(UnaryOp.GELU_DERIVATIVE, x, derivative);
  }

  /** {@code out = op(a, b)}. */
  void binary(BinaryOp op, Tensor a, Tensor b, Tensor out);

  /**
   * {@code out = a b + c}, one rounding per operation or fused. To be overridden where one pass is
   * faster than two. The output must not overlap an operand.
   */
  default void multiplyAdd(Tensor a, Tensor b, Tensor c, Tensor out) {
    binary(BinaryOp.MULTIPLY, a, b, out);
    axpy(1, c, out);
  }

  /** {@code out = condition != 0 ? a : b}; the branch not taken never shows, NaN or not. */
  void select(Tensor condition, Tensor a, Tensor b, Tensor out);

  /** {@code out = scale x + shift}, one rounding per operation or fused. */
  void affine(Tensor x, double scale, double shift, Tensor out);

  /** {@code out = min(max(x, low), high)}; NaN stays NaN. */
  void clamp(Tensor x, double low, double high, Tensor out);

  /** {@code y += alpha x}, {@code x} of y's shape. */
  void axpy(double alpha, Tensor x, Tensor y);

  /** Every element of {@code out} becomes {@code value}, rounded to its type. */
  void fill(double value, Tensor out);

  /** {@code out = x}; the element types may differ. */
  void copy(Tensor x, Tensor out);
}
