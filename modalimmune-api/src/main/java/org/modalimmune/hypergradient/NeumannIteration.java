package org.modalimmune.hypergradient;

/** q += a r, r -= a H r: q is a sum over j &lt; K of (I - a H)^j v, r is (I - a H)^K v. */
final class NeumannIteration extends Iteration {
  private final double step;

  NeumannIteration(CheckedOperator operator, double step) {
    super(operator);
    this.step = step;
  }

  @Override
  void restart(double[] r) {}

  @Override
  boolean step(double[] q, double[] r) {
    operator.apply(r, product);
    Euclidean.addScaled(q, step, r);
    Euclidean.addScaled(r, -step, product);
    return true;
  }
}
