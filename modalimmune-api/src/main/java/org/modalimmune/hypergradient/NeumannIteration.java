package org.modalimmune.hypergradient;

/** q += a r, r -= a H r: q is a sum over j &lt; K of (I - a H)^j v, r is (I - a H)^K v. */
final class NeumannIteration<V> extends Iteration<V> {
  private final double step;

  NeumannIteration(VectorSpace<V> space, double step) {
    super(space);
    this.step = step;
  }

  @Override
  void restart(V r) {}

  @Override
  boolean step(V q, V r) {
    space.product(r, product);
    space.addScaled(step, r, q);
    space.addScaled(-step, product, r);
    return true;
  }
}
