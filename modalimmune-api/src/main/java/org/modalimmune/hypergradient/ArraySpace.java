package org.modalimmune.hypergradient;

/** Plain arrays of float64. */
record ArraySpace(CheckedOperator operator) implements VectorSpace<double[]> {
  @Override
  public double[] zeros() {
    return new double[operator.dimension()];
  }

  @Override
  public void product(double[] x, double[] y) {
    operator.apply(x, y);
  }

  @Override
  public void scale(double s, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = s * x[i];
    }
  }

  @Override
  public void addScaled(double s, double[] x, double[] y) {
    Euclidean.addScaled(y, s, x);
  }

  @Override
  public double dot(double[] x, double[] y) {
    return Euclidean.dot(x, y);
  }
}
