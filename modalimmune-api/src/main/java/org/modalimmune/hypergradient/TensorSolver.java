package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.hypergradient.Certificate.Reason;
import org.modalimmune.hypergradient.Certificate.Uncertified;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * {@link CertifiedSolver} for an operator whose vectors lie on a backend. The recursion runs there
 * from start to end, in the vectors' own types: one number comes back per term, two for conjugate
 * gradients. For a certificate q and H q are read once, and the residual and its norm are computed
 * here in float64, so that only the product's stated error depends on the backend.
 */
public final class TensorSolver {
  /** Below this part of the rounding term a smaller residual would not change the bound. */
  private static final double NEGLIGIBLE = 1.0 / 16;

  private final double[] v;
  private final SpectrumBounds spectrum;
  private final SolverOptions options;
  private final boolean stored;
  private final TensorSpace space;
  private final CheckedOperator explicit;
  private final double error;
  private final List<Tensor> residual;
  private final List<Tensor> correction;
  private final BlockTransfer transfer;
  private final double[] work;

  private TensorSolver(
      TensorOperator h,
      double[] v,
      SpectrumBounds spectrum,
      SolverOptions options,
      boolean stored,
      Scope scope) {
    this.v = v;
    this.spectrum = spectrum;
    this.options = options;
    this.stored = stored;
    this.space = new TensorSpace(h, scope);
    this.residual = space.zeros();
    this.correction = space.zeros();
    LinearOperator transferred = new TransferredOperator(h, scope);
    if (v.length != transferred.dimension() || v.length == 0) {
      throw new IllegalArgumentException(
          "solver: the right-hand side must have the operator's "
              + transferred.dimension()
              + " components, at least one, got "
              + v.length);
    }
    NonFiniteInputException.requireFinite("right-hand side", v);
    this.explicit = new CheckedOperator(transferred, spectrum);
    this.transfer = new BlockTransfer(h.backend().ops(scope), v.length);
    this.work = new double[v.length];
    this.error = transferred.relativeProductError();
  }

  /**
   * q near H^-1 v, both on the backend.
   *
   * @param h symmetric
   * @param v blocks like those of {@link TensorOperator#newVector}
   * @param spectrum bounds on the eigenvalues of H
   * @param options method, budget and tolerance
   * @param results scope of q
   * @return q and its certificate; v = 0 gives q = 0 with bound 0 and no product
   * @throws IllegalArgumentException if v does not fit the operator or the step is too long
   * @throws NonFiniteInputException if v or a product is not finite
   */
  public static TensorInverseProduct solve(
      TensorOperator h,
      List<Tensor> v,
      SpectrumBounds spectrum,
      SolverOptions options,
      Scope results) {
    List<Tensor> q = h.newVector(results);
    requireAlike("right-hand side", v, q);
    try (Scope scope = h.backend().newScope()) {
      InverseProduct solved =
          new TensorSolver(h, Blocks.read(v), spectrum, options, true, scope).run();
      Blocks.write(solved.solution(), q);
      return new TensorInverseProduct(q, solved.certificate());
    }
  }

  /**
   * q near H^-1 v with v and q here; only the recursion runs on the backend. Components are those
   * of the operator's blocks, in order and row-major.
   *
   * @param h symmetric [n, n]
   * @param v [n]; it need not be representable in the blocks' types
   * @param spectrum bounds on the eigenvalues of H
   * @param options method, budget and tolerance
   * @return as {@link CertifiedSolver#solve}
   * @throws IllegalArgumentException if v does not fit the operator or the step is too long
   * @throws NonFiniteInputException if v or a product is not finite
   */
  public static InverseProduct solve(
      TensorOperator h, double[] v, SpectrumBounds spectrum, SolverOptions options) {
    try (Scope scope = h.backend().newScope()) {
      return new TensorSolver(h, v.clone(), spectrum, options, false, scope).run();
    }
  }

  /**
   * Certifies a q that was found in any way, with one product (none if q = 0).
   *
   * @return what is known of |q - H^-1 v|
   * @throws NonFiniteInputException if q, v or the product is not finite
   */
  public static Certificate certify(
      TensorOperator h, List<Tensor> v, List<Tensor> q, SpectrumBounds spectrum) {
    try (Scope scope = h.backend().newScope()) {
      List<Tensor> like = h.newVector(scope);
      requireAlike("right-hand side", v, like);
      requireAlike("solution", q, like);
      return CertifiedSolver.certify(
          new TransferredOperator(h, scope), Blocks.read(v), Blocks.read(q), spectrum);
    }
  }

  /** n, the number of components in all blocks. */
  static int dimension(TensorOperator h) {
    try (Scope scope = h.backend().newScope()) {
      return Blocks.elements(h.newVector(scope));
    }
  }

  private static void requireAlike(String name, List<Tensor> x, List<Tensor> like) {
    if (!Blocks.alike(x, like)) {
      throw new IllegalArgumentException(
          "solver: the " + name + " must have the operator's blocks " + like + ", got " + x);
    }
  }

  private int products() {
    return space.products() + explicit.products();
  }

  private InverseProduct run() {
    double[] q = new double[v.length];
    double[] r = v.clone();
    if (!(spectrum.lower() > 0)) {
      return uncertified(q, Euclidean.norm(v), Reason.LOWER_BOUND_NOT_POSITIVE);
    }
    if (Euclidean.isZero(v)) {
      return new InverseProduct(
          q, new ResidualBound(0, 0, spectrum.lower()).certificate(spectrum, 0));
    }
    Iteration<List<Tensor>> iteration = Iteration.of(space, spectrum, options);
    double before = Double.POSITIVE_INFINITY;
    while (true) {
      boolean possible = correct(iteration, q, r, before / 4);
      if (!Euclidean.isFinite(q)) {
        return uncertified(q, Double.POSITIVE_INFINITY, Reason.OVERFLOW);
      }
      ResidualBound found = ResidualBound.compute(explicit, v, q, r);
      if (explicit.overflowed()) {
        return uncertified(q, Double.POSITIVE_INFINITY, Reason.OVERFLOW);
      }
      if (explicit.contradicted()) {
        return uncertified(q, found.residualNorm(), Reason.SPECTRUM_BOUNDS_CONTRADICTED);
      }
      if (found.bound() <= options.tolerance()) {
        return new InverseProduct(q, found.certificate(spectrum, products()));
      }
      if (products() + 2 > options.maxProducts()) {
        return uncertified(q, found.residualNorm(), Reason.BUDGET_EXHAUSTED);
      }
      // a residual of zero leaves nothing to correct
      if (!possible || found.residualNorm() > before / 2 || found.residualNorm() == 0) {
        return uncertified(q, found.residualNorm(), Reason.ROUNDING_FLOOR);
      }
      before = found.residualNorm();
    }
  }

  /**
   * Adds terms of the recursion for H d = r to q; false if it cannot go on. The backend sees r
   * scaled by a power of two, so that its largest component is from 1 to 2.
   */
  private boolean correct(Iteration<List<Tensor>> iteration, double[] q, double[] r, double goal) {
    int exponent = Math.getExponent(Euclidean.largest(r));
    for (int i = 0; i < r.length; i++) {
      work[i] = Math.scalb(r[i], -exponent);
    }
    transfer.write(work, residual);
    space.scale(0, residual, correction);
    iteration.restart(residual);
    boolean possible = advance(iteration, RoundingError.normBound(q), exponent, goal);
    transfer.read(correction, work);
    for (int i = 0; i < q.length; i++) {
      q[i] += Math.scalb(work[i], exponent);
    }
    if (stored) {
      Blocks.round(q, correction);
    }
    return possible;
  }

  /**
   * Terms until the recursion's residual promises the tolerance and is at most {@code goal}, which
   * asks more after a near miss; false if it cannot go on.
   *
   * @param norm |q| before
   */
  private boolean advance(
      Iteration<List<Tensor>> iteration, double norm, int exponent, double goal) {
    double lower = spectrum.lower();
    double rounding = error * spectrum.norm();
    int start = products();
    double first = Double.NaN;
    while (products() + 2 <= options.maxProducts()) {
      double left = length(residual, exponent);
      if (left == 0 || !(left < Double.POSITIVE_INFINITY)) {
        return true;
      }
      first = Double.isNaN(first) ? left : first;
      // |d| is at most (first + left) / lower, and read only where it may decide
      double most = rounding * (norm + (first + left) / lower);
      boolean near = left <= lower * options.tolerance() || left <= NEGLIGIBLE * most;
      if (near && products() >= options.minTerms()) {
        double term = rounding * (norm + length(correction, exponent));
        if ((left <= goal && (left + term) / lower <= options.tolerance())
            || left <= NEGLIGIBLE * term) {
          return true;
        }
      }
      if (!iteration.step(correction, residual)) {
        return products() - start > 1;
      }
    }
    return true;
  }

  private double length(List<Tensor> x, int exponent) {
    return Math.scalb(Math.sqrt(space.dot(x, x)), exponent);
  }

  private InverseProduct uncertified(double[] q, double residualNorm, Reason reason) {
    return new InverseProduct(q, new Uncertified(residualNorm, reason, products()));
  }
}
