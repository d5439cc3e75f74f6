package org.modalimmune.hypergradient;

import java.util.Arrays;

/**
 * Counts products, refuses those that are not finite, and notices when one contradicts the spectrum
 * bounds: lower |x|^2 <= x'Hx <= upper |x|^2 must hold up to the rounding of x'Hx.
 */
final class CheckedOperator {
  private final LinearOperator operator;
  private final SpectrumBounds spectrum;
  private final double slack;
  private final double[] scaled;
  private int products;
  private boolean contradicted;
  private boolean overflowed;

  CheckedOperator(LinearOperator operator, SpectrumBounds spectrum) {
    this.operator = operator;
    this.spectrum = spectrum;
    this.scaled = new double[operator.dimension()];
    double error = operator.relativeProductError();
    if (!(error >= 0 && error < 1)) {
      throw new IllegalArgumentException(
          "operator: the relative product error must be from 0 to 1, got " + error);
    }
    // the product's error, and that of two inner products of n terms
    this.slack = spectrum.norm() * (2 * error + 4 * RoundingError.gamma(operator.dimension() + 4));
  }

  int dimension() {
    return operator.dimension();
  }

  SpectrumBounds spectrum() {
    return spectrum;
  }

  int products() {
    return products;
  }

  boolean contradicted() {
    return contradicted;
  }

  /** Whether a vector to be multiplied, or its product, exceeded the range of float64. */
  boolean overflowed() {
    return overflowed;
  }

  /** Bound on |computed H x - H x|. */
  double productError(double[] x) {
    double relative = operator.relativeProductError() * spectrum.norm();
    return RoundingError.upward(relative * RoundingError.normBound(x), 3)
        + RoundingError.underflow(x.length);
  }

  /** The operator sees components of order 1, so that underflow in its own type cannot matter. */
  void apply(double[] x, double[] y) {
    if (!Euclidean.isFinite(x)) {
      overflowed = true;
      Arrays.fill(y, 0);
      return;
    }
    products++;
    int exponent = Math.getExponent(Euclidean.largest(x));
    for (int i = 0; i < x.length; i++) {
      scaled[i] = Math.scalb(x[i], -exponent);
    }
    operator.apply(scaled, y);
    NonFiniteInputException.requireFinite("operator: product " + products, y);
    double square = Euclidean.dot(scaled, scaled);
    if (square > 0) {
      double quotient = Euclidean.dot(scaled, y) / square;
      contradicted |= quotient < spectrum.lower() - slack || quotient > spectrum.upper() + slack;
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.scalb(y[i], exponent);
    }
    overflowed |= !Euclidean.isFinite(y);
  }
}
