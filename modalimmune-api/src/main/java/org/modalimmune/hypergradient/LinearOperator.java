package org.modalimmune.hypergradient;

/**
 * A symmetric linear map of R^n, known by its products. The computed product y^ must lie within
 * {@code |y^ - H x| <= relativeProductError() |H| |x|}, Euclidean norms, for x whose largest
 * component is from 1 to 2; solvers scale by powers of two, so that other x do not occur.
 */
public interface LinearOperator {
  /** n. */
  int dimension();

  /**
   * Writes H x to {@code y}.
   *
   * @param x [n], not to be changed
   * @param y [n], overwritten
   */
  void apply(double[] x, double[] y);

  /**
   * Bound on the error of a product, relative to {@code |H| |x|}. The default, sqrt(n) gamma_n with
   * gamma_n = n u / (1 - n u) and u = 2^-53, holds for a stored matrix whose rows are multiplied in
   * float64 in any order, since the spectral norm of |H| is at most sqrt(n) |H| (Higham, "Accuracy
   * and Stability of Numerical Algorithms", 2nd ed., section 3.5). A product that is itself
   * computed (by differentiation, in float32) must state its own.
   */
  default double relativeProductError() {
    return Math.sqrt(dimension()) * RoundingError.gamma(dimension()) * (1 + 0x1p-50);
  }
}
