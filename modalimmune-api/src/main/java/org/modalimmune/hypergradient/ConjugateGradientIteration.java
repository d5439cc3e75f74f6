package org.modalimmune.hypergradient;

/** Conjugate gradients (Hestenes and Stiefel 1952). */
final class ConjugateGradientIteration<V> extends Iteration<V> {
  private final V direction;
  private double square;

  ConjugateGradientIteration(VectorSpace<V> space) {
    super(space);
    this.direction = space.zeros();
  }

  @Override
  void restart(V r) {
    space.scale(1, r, direction);
    square = space.dot(r, r);
  }

  @Override
  boolean step(V q, V r) {
    space.product(direction, product);
    double step = square / space.dot(direction, product);
    // curvature that is not positive, or squares out of range
    if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
      return false;
    }
    space.addScaled(step, direction, q);
    space.addScaled(-step, product, r);
    double next = space.dot(r, r);
    space.scale(next / square, direction, direction);
    space.addScaled(1, r, direction);
    square = next;
    return true;
  }
}
