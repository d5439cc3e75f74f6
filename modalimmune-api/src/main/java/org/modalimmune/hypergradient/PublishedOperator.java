package org.modalimmune.hypergradient;

/**
 * A = I - a H, so that {@link CertifiedSolver} gives the published operator (I - a H)^-1 v (arXiv
 * 2602.16197). With Neumann's step 1 its terms are the published series, sum over j of (a H)^j v,
 * and the residual is the tail (a H)^K v. It is not H^-1: it suits an H that is the Jacobian of a
 * fixed-point map rather than a Hessian.
 */
public final class PublishedOperator implements LinearOperator {
  private final LinearOperator h;
  private final PublishedSeries series;
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
    this.h = h;
    this.series = PublishedSeries.of(step, spectrumOfH);
    this.relativeError = series.relativeProductError(h.relativeProductError(), RoundingError.UNIT);
  }

  @Override
  public int dimension() {
    return h.dimension();
  }

  @Override
  public void apply(double[] x, double[] y) {
    h.apply(x, y);
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] - series.step() * y[i];
    }
  }

  @Override
  public double relativeProductError() {
    return relativeError;
  }

  /** Bounds on the eigenvalues of A: [1 - a upper, 1 - a lower]. */
  public SpectrumBounds spectrum() {
    return series.spectrum();
  }

  /**
   * Bound on what the series cut after {@code terms} terms leaves out, in exact arithmetic: (a
   * |H|)^terms |v| / (1 - a upper). Known before any product is computed.
   */
  public double tailBound(int terms, double[] v) {
    return series.tailBound(terms, v);
  }

  /** The published series, stopped as the options say; their step, if any, must be 1. */
  public InverseProduct solve(double[] v, SolverOptions options) {
    return CertifiedSolver.solve(this, v, series.spectrum(), PublishedSeries.series(options));
  }
}
