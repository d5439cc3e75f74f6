package org.modalimmune.hypergradient;

/** Conjugate gradients (Hestenes and Stiefel 1952). */
final class ConjugateGradientIteration extends Iteration {
  private final double[] direction;
  private double square;

  ConjugateGradientIteration(CheckedOperator operator) {
    super(operator);
    this.direction = new double[operator.dimension()];
  }

  @Override
  void restart(double[] r) {
    System.arraycopy(r, 0, direction, 0, r.length);
    square = Euclidean.dot(r, r);
  }

  @Override
  boolean step(double[] q, double[] r) {
    operator.apply(direction, product);
    double step = square / Euclidean.dot(direction, product);
    // curvature that is not positive, or squares out of range
    if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
      return false;
    }
    Euclidean.addScaled(q, step, direction);
    Euclidean.addScaled(r, -step, product);
    double next = Euclidean.dot(r, r);
    double ratio = next / square;
    for (int i = 0; i < r.length; i++) {
      direction[i] = r[i] + ratio * direction[i];
    }
    square = next;
    return true;
  }
}
