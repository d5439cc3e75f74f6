package org.modalimmune.hypergradient;

/**
 * A = I - a H, so that {@link CertifiedSolver} gives the published operator (I - a H)^-1 v (arXiv
 * 2602.16197). With Neumann's step 1 its terms are the published series, sum over j of (a H)^j v,
 * and the residual is the tail (a H)^K v. It is not H^-1: it suits an H that is the Jacobian of a
 * fixed-point map rather than a Hessian.
 */
public final class PublishedOperator implements LinearOperator {
  private final LinearOperator h;
  private final double step;
  private final double contraction;
  private final SpectrumBounds spectrum;
  private final double relativeError;

  /**
   * The operator of a given H and a.
   *
   * @param h symmetric [n, n]; may be indefinite
   * @param step a > 0
   * @param spectrumOfH bounds on the eigenvalues of H
   * @throws IllegalArgumentException unless a max(|lower|, |upper|) < 1, without which the series
   *     diverges
   */
  public PublishedOperator(LinearOperator h, double step, SpectrumBounds spectrumOfH) {
    this.contraction = RoundingError.upward(step * spectrumOfH.norm(), 1);
    if (!(step > 0 && contraction < 1)) {
      throw new IllegalArgumentException(
          "published operator: the series of (a H)^j converges for 0 < a < "
              + 1 / spectrumOfH.norm()
              + ", got a = "
              + step);
    }
    this.h = h;
    this.step = step;
    double lower = Math.nextDown(1 - Math.nextUp(step * spectrumOfH.upper()));
    double upper = Math.nextUp(1 - Math.nextDown(step * spectrumOfH.lower()));
    this.spectrum = new SpectrumBounds(lower, upper, spectrumOfH.failureProbability());
    double error = h.relativeProductError();
    double absolute =
        contraction * error + 4 * RoundingError.UNIT * (1 + contraction * (1 + error));
    // |A| is at least 1 - a upper
    this.relativeError = RoundingError.upward(absolute / lower, 8);
  }

  @Override
  public int dimension() {
    return h.dimension();
  }

  @Override
  public void apply(double[] x, double[] y) {
    h.apply(x, y);
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] - step * y[i];
    }
  }

  @Override
  public double relativeProductError() {
    return relativeError;
  }

  /** Bounds on the eigenvalues of A: [1 - a upper, 1 - a lower]. */
  public SpectrumBounds spectrum() {
    return spectrum;
  }

  /**
   * Bound on what the series cut after {@code terms} terms leaves out, in exact arithmetic: (a
   * |H|)^terms |v| / (1 - a upper). Known before any product is computed.
   */
  public double tailBound(int terms, double[] v) {
    if (terms < 0) {
      throw new IllegalArgumentException("tail bound: needs terms >= 0, got " + terms);
    }
    double power = RoundingError.upward(Math.pow(contraction, terms), 2);
    return RoundingError.upward(power * RoundingError.normBound(v) / spectrum.lower(), 3);
  }

  /** The published series, stopped as the options say; their step, if any, must be 1. */
  public InverseProduct solve(double[] v, SolverOptions options) {
    boolean series = options.method() == Method.NEUMANN && options.step().isEmpty();
    return CertifiedSolver.solve(this, v, spectrum, series ? options.withStep(1) : options);
  }
}
