package org.modalimmune.conformance;

import org.modalimmune.tensor.DType;

/** Residual, orthogonality, order and signs of one computed eigendecomposition. */
final class EigenCheck {
  private final SquareMatrix a;
  private final double[] values;
  private final double[] vectors;
  private final DType dtype;

  EigenCheck(SquareMatrix a, double[] values, double[] vectors, DType dtype) {
    this.a = a;
    this.values = values;
    this.vectors = vectors;
    this.dtype = dtype;
  }

  /** Value {@code i} must not exceed the one before. */
  Bounded value(int i) {
    return Bounded.exactly(i == 0 ? values[0] : Math.min(values[i], values[i - 1]));
  }

  /** The first component of largest magnitude must be positive. */
  Bounded vectorSign(int e) {
    int n = a.n();
    int column = e % n;
    int largest = 0;
    for (int i = 1; i < n; i++) {
      if (Math.abs(vectors[i * n + column]) > Math.abs(vectors[largest * n + column])) {
        largest = i;
      }
    }
    return Bounded.exactly(e / n == largest ? Math.abs(vectors[e]) : vectors[e]);
  }

  /** Section 6.1: |A V - V diag(values)|_1 and |V'V - I|_1. */
  void requireSmallResidual(String what) {
    int n = a.n();
    double bound = Tolerances.eigen(n, dtype);
    for (int j = 0; j < n; j++) {
      double residual = 0;
      double skew = 0;
      for (int i = 0; i < n; i++) {
        DoubleDouble.Sum r = new DoubleDouble.Sum();
        DoubleDouble.Sum s = new DoubleDouble.Sum();
        for (int k = 0; k < n; k++) {
          r.addProduct(a.at(i, k), vectors[k * n + j]);
          s.addProduct(vectors[k * n + i], vectors[k * n + j]);
        }
        r.addProduct(-values[j], vectors[i * n + j]);
        s.add(i == j ? -1 : 0);
        residual += Math.abs(r.value().hi());
        skew += Math.abs(s.value().hi());
      }
      Refusal.require(
          residual <= bound * a.norm1(),
          what + ": column " + j + " of A V - V diag(values) sums to " + residual);
      Refusal.require(skew <= bound, what + ": column " + j + " of V'V - I sums to " + skew);
    }
  }
}
