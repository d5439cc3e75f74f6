package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.DecompositionKernels;
import org.modalimmune.tensor.Tensor;

/** Dense decompositions in float64, rounded once; nothing is written if one fails. */
public final class ReferenceDecomposition implements DecompositionKernels {
  /** Has no state. */
  public ReferenceDecomposition() {}

  @Override
  public void symmetricEigen(Tensor a, Tensor values, Tensor vectors) {
    SymmetricEigen eigen = SymmetricEigen.of(DenseMatrix.lowerTriangle(View.of(a)), a.dtype());
    View w = View.of(values);
    for (int i = 0; i < eigen.values().length; i++) {
      w.set(w.offset() + i * w.strides()[0], eigen.values()[i]);
    }
    eigen.vectors().store(View.of(vectors));
  }

  @Override
  public void cholesky(Tensor a, Tensor lower) {
    DenseMatrix l = DenseMatrix.lowerTriangle(View.of(a));
    int n = l.rows();
    for (int j = 0; j < n; j++) {
      double pivot = l.get(j, j);
      for (int k = 0; k < j; k++) {
        pivot -= l.get(j, k) * l.get(j, k);
      }
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        throw new ArithmeticException(
            "cholesky: pivot "
                + j
                + " is "
                + pivot
                + ", not positive and finite; add a multiple of the identity?");
      }
      double root = Math.sqrt(pivot);
      l.set(j, j, root);
      for (int i = j + 1; i < n; i++) {
        double v = l.get(i, j);
        for (int k = 0; k < j; k++) {
          v -= l.get(i, k) * l.get(j, k);
        }
        l.set(i, j, v / root);
      }
    }
    l.store(View.of(lower));
  }

  @Override
  public void solveTriangular(Tensor lower, boolean transposed, Tensor b, Tensor x) {
    DenseMatrix l = DenseMatrix.lowerTriangle(View.of(lower));
    DenseMatrix y = DenseMatrix.of(View.of(b));
    int n = l.rows();
    for (int i = 0; i < n; i++) {
      if (l.get(i, i) == 0) {
        throw new ArithmeticException("solveTriangular: diagonal element " + i + " is 0");
      }
    }
    for (int column = 0; column < y.columns(); column++) {
      for (int step = 0; step < n; step++) {
        int i = transposed ? n - 1 - step : step;
        double v = y.get(i, column);
        if (transposed) {
          for (int k = i + 1; k < n; k++) {
            v -= l.get(k, i) * y.get(k, column);
          }
        } else {
          for (int k = 0; k < i; k++) {
            v -= l.get(i, k) * y.get(k, column);
          }
        }
        y.set(i, column, v / l.get(i, i));
      }
    }
    y.store(View.of(x));
  }
}
