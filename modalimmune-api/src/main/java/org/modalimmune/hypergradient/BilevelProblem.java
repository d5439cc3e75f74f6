package org.modalimmune.hypergradient;

import java.util.Optional;
import org.modalimmune.hypergradient.InnerSolve.Coverage;

/**
 * Derivatives of an inner loss L_in(theta, phi) and an outer loss L_out(theta, phi) at one point,
 * and the gradient with respect to phi of L_out at the inner solution:
 *
 * <pre>
 * g = d_phi L_out - M q,   H q = d_theta L_out
 * </pre>
 *
 * with H the inner Hessian, or a damped substitute for it, and M the mixed derivative. The implicit
 * function theorem; Bengio, "Gradient-based optimization of hyperparameters", Neural Computation 12
 * (2000), Lorraine, Vicol and Duvenaud, AISTATS 2020.
 */
public final class BilevelProblem {
  private final Inverse hessian;
  private final SpectrumBounds spectrum;
  private final MixedProduct mixed;
  private final double[] outerTheta;
  private final double[] outerPhi;
  private final InnerSolve innerSolve;

  /** How H^-1 v is computed and certified. */
  @FunctionalInterface
  private interface Inverse {
    InverseProduct product(double[] v, SpectrumBounds spectrum, SolverOptions options);
  }

  /**
   * A problem whose inner solution is taken as exact; see {@link #withInnerSolve}.
   *
   * @param hessian H, symmetric [n, n]
   * @param spectrum bounds on the eigenvalues of H
   * @param mixed M, [m, n]
   * @param outerTheta d_theta L_out, [n]
   * @param outerPhi d_phi L_out, [m]
   * @throws IllegalArgumentException if sizes differ
   * @throws NonFiniteInputException if a gradient or a row norm is not finite
   */
  public BilevelProblem(
      LinearOperator hessian,
      SpectrumBounds spectrum,
      MixedProduct mixed,
      double[] outerTheta,
      double[] outerPhi) {
    this(
        (v, bounds, options) -> CertifiedSolver.solve(hessian, v, bounds, options),
        hessian.dimension(),
        spectrum,
        mixed,
        outerTheta,
        outerPhi);
  }

  /**
   * The same with an H whose vectors lie on a backend, where the inverse product is then computed
   * ({@link TensorSolver}); the blocks' elements, in order and row-major, are the components.
   */
  public BilevelProblem(
      TensorOperator hessian,
      SpectrumBounds spectrum,
      MixedProduct mixed,
      double[] outerTheta,
      double[] outerPhi) {
    this(
        (v, bounds, options) -> TensorSolver.solve(hessian, v, bounds, options),
        TensorSolver.dimension(hessian),
        spectrum,
        mixed,
        outerTheta,
        outerPhi);
  }

  private BilevelProblem(
      Inverse hessian,
      int dimension,
      SpectrumBounds spectrum,
      MixedProduct mixed,
      double[] outerTheta,
      double[] outerPhi) {
    this(hessian, spectrum, mixed, outerTheta.clone(), outerPhi.clone(), new InnerSolve.Exact());
    if (dimension != mixed.dimension()
        || outerTheta.length != mixed.dimension()
        || outerPhi.length != mixed.metaParameters()) {
      throw new IllegalArgumentException(
          "bilevel problem: sizes differ: H ["
              + dimension
              + "], M ["
              + mixed.metaParameters()
              + ", "
              + mixed.dimension()
              + "], d_theta L_out ["
              + outerTheta.length
              + "], d_phi L_out ["
              + outerPhi.length
              + "]");
    }
    NonFiniteInputException.requireFinite("d_theta L_out", outerTheta);
    NonFiniteInputException.requireFinite("d_phi L_out", outerPhi);
    for (int i = 0; i < outerPhi.length; i++) {
      double norm = mixed.rowNormBound(i);
      if (!(norm >= 0 && norm < Double.POSITIVE_INFINITY)) {
        throw new NonFiniteInputException("mixed derivative: row norm bound", i, norm);
      }
    }
  }

  private BilevelProblem(
      Inverse hessian,
      SpectrumBounds spectrum,
      MixedProduct mixed,
      double[] outerTheta,
      double[] outerPhi,
      InnerSolve innerSolve) {
    this.hessian = hessian;
    this.spectrum = spectrum;
    this.mixed = mixed;
    this.outerTheta = outerTheta;
    this.outerPhi = outerPhi;
    this.innerSolve = innerSolve;
  }

  /**
   * The same problem, with how well its inner problem is solved. Bounds that take it in are right
   * only if H is the Hessian of L_in itself, any damping being a part of L_in.
   */
  public BilevelProblem withInnerSolve(InnerSolve inner) {
    if (inner instanceof InnerSolve.Bounded bounded
        && bounded.constants().metaParameters() != outerPhi.length) {
      throw new IllegalArgumentException(
          "bilevel problem: needs Lipschitz constants for "
              + outerPhi.length
              + " meta-parameters, got "
              + bounded.constants().metaParameters());
    }
    return new BilevelProblem(hessian, spectrum, mixed, outerTheta, outerPhi, inner);
  }

  /**
   * The hyper-gradient.
   *
   * @param options method, budget and tolerance of the inverse product
   * @throws NonFiniteInputException if a product is not finite
   */
  public HyperGradient solve(SolverOptions options) {
    InverseProduct solved = hessian.product(outerTheta, spectrum, options);
    double[] q = solved.solution();
    double[] value = new double[outerPhi.length];
    boolean zero = Euclidean.isZero(q);
    if (!zero) {
      mixed.apply(q, value);
      NonFiniteInputException.requireFinite("mixed derivative: product", value);
    }
    for (int i = 0; i < value.length; i++) {
      value[i] = outerPhi[i] - value[i];
    }
    if (!(solved.certificate() instanceof Certificate.Bounded certificate)) {
      return new HyperGradient(value, Optional.empty(), Coverage.NOT_COVERED, solved);
    }
    double productError = zero ? 0 : productError(q);
    double[] bounds = new double[value.length];
    for (int i = 0; i < bounds.length; i++) {
      double row = mixed.rowNormBound(i) * (certificate.bound() + productError);
      double underflow = zero ? 0 : RoundingError.underflow(q.length);
      bounds[i] =
          RoundingError.upward(row + underflow + RoundingError.UNIT * Math.abs(value[i]), 8);
    }
    Coverage coverage = addInnerSolve(bounds, certificate, RoundingError.normBound(q));
    return new HyperGradient(value, Optional.of(bounds), coverage, solved);
  }

  private double productError(double[] q) {
    double error = mixed.relativeProductError();
    if (!(error >= 0 && error < 1)) {
      throw new IllegalArgumentException(
          "mixed derivative: the relative product error must be from 0 to 1, got " + error);
    }
    return error * RoundingError.normBound(q);
  }

  private Coverage addInnerSolve(double[] bounds, Certificate.Bounded certificate, double norm) {
    return switch (innerSolve) {
      case InnerSolve.Exact() -> Coverage.EXACT;
      case InnerSolve.Unbounded(double gradientNorm) ->
          gradientNorm == 0 ? Coverage.EXACT : Coverage.NOT_COVERED;
      case InnerSolve.Bounded bounded -> {
        if (bounded.gradientNorm() == 0) {
          yield Coverage.EXACT;
        }
        InnerSolveBound term =
            new InnerSolveBound(
                bounded, certificate.lowerEigenvalueBound(), norm + certificate.bound());
        if (!term.holds()) {
          yield Coverage.NOT_COVERED;
        }
        for (int i = 0; i < bounds.length; i++) {
          bounds[i] = RoundingError.upward(bounds[i] + term.term(i, mixed.rowNormBound(i)), 1);
        }
        yield Coverage.COVERED;
      }
    };
  }
}
