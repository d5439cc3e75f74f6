package org.modalimmune.hypergradient;

/**
 * The bound on |q - H^-1 v| from an explicit residual (section 3 of {@code spec/hypergradient.md}).
 *
 * @param residualNorm |v - H q| as computed
 * @param rounding bound on what rounding adds to it
 * @param lower mu
 */
record ResidualBound(double residualNorm, double rounding, double lower) {
  /** Writes v - H q to {@code residual}; spends no product where q is zero. */
  static ResidualBound compute(CheckedOperator h, double[] v, double[] q, double[] residual) {
    double rounding = 0;
    if (Euclidean.isZero(q)) {
      System.arraycopy(v, 0, residual, 0, v.length);
    } else {
      h.apply(q, residual);
      for (int i = 0; i < v.length; i++) {
        residual[i] = v[i] - residual[i];
      }
      rounding = h.productError(q);
    }
    double norm = Euclidean.norm(residual);
    // each difference is rounded once
    double exact = RoundingError.upward(RoundingError.normBound(residual), 1);
    rounding = RoundingError.upward(rounding + (exact - norm), 2);
    return new ResidualBound(norm, rounding, h.spectrum().lower());
  }

  double bound() {
    return RoundingError.upward((residualNorm + rounding) / lower, 2);
  }

  double roundingTerm() {
    return rounding / lower;
  }

  Certificate certificate(SpectrumBounds spectrum, int products) {
    double bound = bound();
    if (!(bound < Double.POSITIVE_INFINITY)) {
      return new Certificate.Uncertified(residualNorm, Certificate.Reason.OVERFLOW, products);
    }
    double p = spectrum.failureProbability();
    return p == 0
        ? new Certificate.Deterministic(bound, residualNorm, lower, roundingTerm(), products)
        : new Certificate.Probabilistic(bound, residualNorm, lower, roundingTerm(), products, p);
  }
}
