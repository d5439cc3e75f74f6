package org.modalimmune.backend.kernel;

/** Element-wise functions of one operand. NaN in gives NaN out unless stated. */
public enum UnaryOp {
  /** -x. */
  NEGATE,
  /** |x|. */
  ABS,
  /** -1, 0 or 1 by the sign of x; 0 for both zeros. */
  SIGN,
  /** 1 for x > 0, else 0; NaN stays NaN. */
  STEP,
  /** e^x. */
  EXP,
  /** ln x; -infinity at 0, NaN below. */
  LOG,
  /** ln(1 + x), accurate near 0. */
  LOG1P,
  /** Square root; NaN below 0. */
  SQRT,
  /** 1 / x. */
  RECIPROCAL,
  /** x x. */
  SQUARE,
  /** Hyperbolic tangent. */
  TANH,
  /** 1 / (1 + e^-x), without overflow. */
  SIGMOID,
  /** ln(1 + e^x), without overflow. */
  SOFTPLUS,
  /** max(x, 0); NaN stays NaN. */
  RELU,
  /** Gauss error function. */
  ERF,
  /** Density of the standard normal distribution. */
  NORMAL_PDF,
  /** Distribution function of the standard normal distribution. */
  NORMAL_CDF,
  /**
   * x Phi(x), the exact form (Hendrycks and Gimpel 2016), Phi the normal distribution function; 0
   * at -infinity, infinity at infinity.
   */
  GELU,
  /** First derivative of GELU: Phi(x) + x phi(x); 0 at -infinity, 1 at infinity. */
  GELU_DERIVATIVE,
  /** 1 where x is finite, 0 where it is NaN or infinite. */
  IS_FINITE
}
