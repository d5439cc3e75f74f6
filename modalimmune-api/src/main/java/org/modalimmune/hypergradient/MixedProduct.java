package org.modalimmune.hypergradient;

/**
 * The mixed second derivative M of the inner loss, row i the derivative of its parameter gradient
 * with respect to meta-parameter i: {@code (M q)_i = q' d_theta d_phi_i L_in}. The computed product
 * must lie within {@code |c^_i - c_i| <= relativeProductError() rowNormBound(i) |q|}, apart from
 * underflow.
 */
public interface MixedProduct {
  /** n, the number of parameters. */
  int dimension();

  /** m, the number of meta-parameters. */
  int metaParameters();

  /**
   * Writes M q to {@code c}.
   *
   * @param q [n], not to be changed
   * @param c [m], overwritten
   */
  void apply(double[] q, double[] c);

  /** At least the Euclidean norm of row i of M; a bound on |M| serves for every row. */
  double rowNormBound(int i);

  /** Bound on the error of a component; the default gamma_n is that of a stored row in float64. */
  default double relativeProductError() {
    return RoundingError.gamma(dimension());
  }
}
