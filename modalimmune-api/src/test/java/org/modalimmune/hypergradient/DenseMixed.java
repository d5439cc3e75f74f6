package org.modalimmune.hypergradient;

import java.util.Arrays;

/** A stored mixed derivative, rows of meta-parameters. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DenseMixed(int dimension, double[] values) implements MixedProduct {
  @Override
  public int metaParameters() {
    return values.length / dimension;
  }

  @Override
  public void apply(double[] q, double[] c) {
    for (int i = 0; i < c.length; i++) {
      c[i] = Euclidean.dot(row(i), q);
    }
  }

  @Override
  public double rowNormBound(int i) {
    return RoundingError.normBound(row(i));
  }

  double[] row(int i) {
    return Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension);
  }
}
