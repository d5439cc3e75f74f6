package org.modalimmune.hypergradient;

import org.modalimmune.hypergradient.Certificate.Reason;
import org.modalimmune.hypergradient.Certificate.Uncertified;

/**
 * Products H^-1 v with a symmetric positive definite H that is known by its products, each with a
 * bound on its error. The recursion decides when to look; the certificate rests only on a residual
 * that is then computed from its definition, so no error of the recursion can enter it. Where the
 * residual shows that the recursion has drifted, the solve goes on from there (iterative
 * refinement).
 */
public final class CertifiedSolver {
  /** Below this part of the rounding term a smaller residual would not change the bound. */
  private static final double NEGLIGIBLE = 1.0 / 16;

  private CertifiedSolver() {}

  /**
   * q near H^-1 v.
   *
   * @param h symmetric [n, n]
   * @param v [n]
   * @param spectrum bounds on the eigenvalues of H
   * @param options method, budget and tolerance
   * @return q and its certificate; v = 0 gives q = 0 with bound 0 and no product
   * @throws IllegalArgumentException if the sizes differ or the step is too long
   * @throws NonFiniteInputException if v or a product is not finite
   */
  public static InverseProduct solve(
      LinearOperator h, double[] v, SpectrumBounds spectrum, SolverOptions options) {
    CheckedOperator operator = checked(h, v, spectrum);
    double[] q = new double[v.length];
    double[] r = v.clone();
    if (!(spectrum.lower() > 0)) {
      return new InverseProduct(
          q, new Uncertified(Euclidean.norm(v), Reason.LOWER_BOUND_NOT_POSITIVE, 0));
    }
    if (Euclidean.isZero(v)) {
      return new InverseProduct(
          q, new ResidualBound(0, 0, spectrum.lower()).certificate(spectrum, 0));
    }
    Iteration<double[]> iteration = Iteration.of(new ArraySpace(operator), spectrum, options);
    double before = Double.POSITIVE_INFINITY;
    while (true) {
      iteration.restart(r);
      boolean possible = advance(iteration, operator, q, r, before / 4, options);
      if (operator.overflowed() || !Euclidean.isFinite(q)) {
        return new InverseProduct(
            q, new Uncertified(Double.POSITIVE_INFINITY, Reason.OVERFLOW, operator.products()));
      }
      ResidualBound found = ResidualBound.compute(operator, v, q, r);
      int products = operator.products();
      if (operator.contradicted()) {
        return uncertified(q, found, Reason.SPECTRUM_BOUNDS_CONTRADICTED, products);
      }
      if (found.bound() <= options.tolerance()) {
        return new InverseProduct(q, found.certificate(spectrum, products));
      }
      if (products + 2 > options.maxProducts()) {
        return uncertified(q, found, Reason.BUDGET_EXHAUSTED, products);
      }
      if (!possible && !(Euclidean.dot(r, r) < Double.POSITIVE_INFINITY)) {
        return uncertified(q, found, Reason.OVERFLOW, products);
      }
      if (!possible || found.residualNorm() > before / 2) {
        return uncertified(q, found, Reason.ROUNDING_FLOOR, products);
      }
      before = found.residualNorm();
    }
  }

  /**
   * Certifies a q that was found in any way, with one product (none if q = 0).
   *
   * @param h symmetric [n, n]
   * @param v [n]
   * @param q [n]
   * @param spectrum bounds on the eigenvalues of H
   * @return what is known of |q - H^-1 v|
   * @throws NonFiniteInputException if q, v or the product is not finite
   */
  public static Certificate certify(
      LinearOperator h, double[] v, double[] q, SpectrumBounds spectrum) {
    CheckedOperator operator = checked(h, v, spectrum);
    requireLength("solution", q, h);
    NonFiniteInputException.requireFinite("solution", q);
    ResidualBound found = ResidualBound.compute(operator, v, q, new double[v.length]);
    if (!(spectrum.lower() > 0)) {
      return new Uncertified(
          found.residualNorm(), Reason.LOWER_BOUND_NOT_POSITIVE, operator.products());
    }
    return operator.contradicted()
        ? new Uncertified(
            found.residualNorm(), Reason.SPECTRUM_BOUNDS_CONTRADICTED, operator.products())
        : found.certificate(spectrum, operator.products());
  }

  /**
   * Terms until the recursion's residual promises the tolerance and is at most {@code goal}, which
   * asks more after a near miss; false if it cannot go on.
   */
  private static boolean advance(
      Iteration<double[]> iteration,
      CheckedOperator h,
      double[] q,
      double[] r,
      double goal,
      SolverOptions options) {
    double lower = h.spectrum().lower();
    int start = h.products();
    while (h.products() + 2 <= options.maxProducts() && !h.contradicted() && !h.overflowed()) {
      double residual = RoundingError.normBound(r);
      double rounding = Euclidean.isZero(q) ? 0 : h.productError(q);
      boolean enough =
          (residual <= goal && (residual + rounding) / lower <= options.tolerance())
              || residual <= NEGLIGIBLE * rounding;
      if (Euclidean.isZero(r) || (enough && h.products() >= options.minTerms())) {
        return true;
      }
      if (!Euclidean.isFinite(q) || !iteration.step(q, r)) {
        return h.products() - start > 1;
      }
    }
    return true;
  }

  private static InverseProduct uncertified(
      double[] q, ResidualBound found, Reason reason, int products) {
    return new InverseProduct(q, new Uncertified(found.residualNorm(), reason, products));
  }

  private static CheckedOperator checked(LinearOperator h, double[] v, SpectrumBounds spectrum) {
    requireLength("right-hand side", v, h);
    NonFiniteInputException.requireFinite("right-hand side", v);
    return new CheckedOperator(h, spectrum);
  }

  private static void requireLength(String name, double[] x, LinearOperator h) {
    if (x.length != h.dimension() || x.length == 0) {
      throw new IllegalArgumentException(
          "solver: the "
              + name
              + " must have the operator's "
              + h.dimension()
              + " components, at least one, got "
              + x.length);
    }
  }
}
