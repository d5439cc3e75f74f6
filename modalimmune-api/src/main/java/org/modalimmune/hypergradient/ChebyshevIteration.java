package org.modalimmune.hypergradient;

/**
 * Chebyshev semi-iteration: r after K terms is T_K((c - H) / h) v / T_K(c / h), with centre c and
 * half-width h of the spectrum bounds (Saad, "Iterative Methods for Sparse Linear Systems", 2nd
 * ed., algorithm 12.1, written without division by h).
 */
final class ChebyshevIteration<V> extends Iteration<V> {
  private final double centre;
  private final double halfWidth;
  private final V direction;
  private double ratio;
  private boolean first = true;

  ChebyshevIteration(VectorSpace<V> space, SpectrumBounds spectrum) {
    super(space);
    this.centre = spectrum.upper() / 2 + spectrum.lower() / 2;
    this.halfWidth = spectrum.upper() / 2 - spectrum.lower() / 2;
    this.direction = space.zeros();
  }

  @Override
  void restart(V r) {
    first = true;
  }

  @Override
  boolean step(V q, V r) {
    if (first) {
      ratio = halfWidth / centre;
      space.scale(1 / centre, r, direction);
      first = false;
    } else {
      double denominator = 2 * centre - halfWidth * ratio;
      double next = halfWidth / denominator;
      space.scale(next * ratio, direction, direction);
      space.addScaled(2 / denominator, r, direction);
      ratio = next;
    }
    space.product(direction, product);
    space.addScaled(1, direction, q);
    space.addScaled(-1, product, r);
    return true;
  }
}
