package org.modalimmune.hypergradient;

/**
 * What is known of A = I - a H, and of its series sum over j of (a H)^j, from bounds on H.
 *
 * @param step a
 * @param contraction at least a |H|, below 1
 * @param spectrum bounds on the eigenvalues of A: [1 - a upper, 1 - a lower]
 */
record PublishedSeries(double step, double contraction, SpectrumBounds spectrum) {
  /**
   * Checks that the series converges.
   *
   * @throws IllegalArgumentException unless 0 < a max(|lower|, |upper|) < 1
   */
  static PublishedSeries of(double step, SpectrumBounds ofH) {
    double contraction = RoundingError.upward(step * ofH.norm(), 1);
    if (!(step > 0 && contraction < 1)) {
      throw new IllegalArgumentException(
          "published operator: the series of (a H)^j converges for 0 < a < "
              + 1 / ofH.norm()
              + ", got a = "
              + step);
    }
    double lower = Math.nextDown(1 - Math.nextUp(step * ofH.upper()));
    double upper = Math.nextUp(1 - Math.nextDown(step * ofH.lower()));
    return new PublishedSeries(
        step, contraction, new SpectrumBounds(lower, upper, ofH.failureProbability()));
  }

  /**
   * Relative error of a product with A from that of a product with H.
   *
   * @param unit unit roundoff of the type in which x - a (H x) is computed
   */
  double relativeProductError(double error, double unit) {
    double absolute = contraction * error + 4 * unit * (1 + contraction * (1 + error));
    // |A| is at least 1 - a upper
    return RoundingError.upward(absolute / spectrum.lower(), 8);
  }

  /** (a |H|)^terms |v| / (1 - a upper). */
  double tailBound(int terms, double[] v) {
    if (terms < 0) {
      throw new IllegalArgumentException("tail bound: needs terms >= 0, got " + terms);
    }
    double power = RoundingError.upward(Math.pow(contraction, terms), 2);
    return RoundingError.upward(power * RoundingError.normBound(v) / spectrum.lower(), 3);
  }

  /** The options with the step that makes Neumann's terms those of the series. */
  static SolverOptions series(SolverOptions options) {
    boolean series = options.method() == Method.NEUMANN && options.step().isEmpty();
    return series ? options.withStep(1) : options;
  }
}
