package org.modalimmune.hypergradient;

/**
 * Chebyshev semi-iteration: r after K terms is T_K((c - H) / h) v / T_K(c / h), with centre c and
 * half-width h of the spectrum bounds (Saad, "Iterative Methods for Sparse Linear Systems", 2nd
 * ed., algorithm 12.1, written without division by h).
 */
final class ChebyshevIteration extends Iteration {
  private final double centre;
  private final double halfWidth;
  private final double[] direction;
  private double ratio;
  private boolean first = true;

  ChebyshevIteration(CheckedOperator operator) {
    super(operator);
    SpectrumBounds spectrum = operator.spectrum();
    this.centre = spectrum.upper() / 2 + spectrum.lower() / 2;
    this.halfWidth = spectrum.upper() / 2 - spectrum.lower() / 2;
    this.direction = new double[operator.dimension()];
  }

  @Override
  void restart(double[] r) {
    first = true;
  }

  @Override
  boolean step(double[] q, double[] r) {
    if (first) {
      ratio = halfWidth / centre;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = r[i] / centre;
      }
      first = false;
    } else {
      double denominator = 2 * centre - halfWidth * ratio;
      double next = halfWidth / denominator;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = next * ratio * direction[i] + 2 / denominator * r[i];
      }
      ratio = next;
    }
    operator.apply(direction, product);
    Euclidean.addScaled(q, 1, direction);
    Euclidean.addScaled(r, -1, product);
    return true;
  }
}
