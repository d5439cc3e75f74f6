package org.modalimmune.cpu.reference;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.modalimmune.tensor.DType;

/**
 * Eigenvalues, largest first, and eigenvectors with fixed signs; EJML's tridiagonalisation and
 * implicit QR.
 */
final class SymmetricEigen {
  private final double[] values;
  private final DenseMatrix vectors;

  SymmetricEigen(double[] values, DenseMatrix vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /** Eigenvalues, largest first. */
  double[] values() {
    return values;
  }

  /** Column j belongs to value j. */
  DenseMatrix vectors() {
    return vectors;
  }

  static SymmetricEigen of(DenseMatrix lower, DType dtype) {
    int n = lower.rows();
    if (n == 0) {
      return new SymmetricEigen(new double[0], lower);
    }
    double scale = scale(lower);
    DMatrixRMaj full = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        full.set(i, j, lower.get(i, j) / scale);
        full.set(j, i, lower.get(i, j) / scale);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eigen.decompose(full)) {
      throw new ArithmeticException("symmetricEigen: the iteration did not converge, n = " + n);
    }
    double[] unsorted = new double[n];
    for (int i = 0; i < n; i++) {
      unsorted[i] = eigen.getEigenvalue(i).getReal();
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -unsorted[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] values = new double[n];
    DenseMatrix vectors = DenseMatrix.zeros(n, n);
    for (int j = 0; j < n; j++) {
      values[j] = unsorted[order[j]] * scale;
      DMatrixRMaj v = eigen.getEigenVector(order[j]);
      double sign = sign(v, dtype);
      for (int i = 0; i < n; i++) {
        vectors.set(i, j, sign * v.get(i, 0));
      }
    }
    return new SymmetricEigen(values, vectors);
  }

  /** The power of two next to the largest element: dividing by it is exact and avoids overflow. */
  private static double scale(DenseMatrix lower) {
    double largest = 0;
    for (int i = 0; i < lower.rows(); i++) {
      for (int j = 0; j <= i; j++) {
        if (!Double.isFinite(lower.get(i, j))) {
          throw new ArithmeticException(
              "symmetricEigen: element [" + i + ", " + j + "] is " + lower.get(i, j));
        }
        largest = Math.max(largest, Math.abs(lower.get(i, j)));
      }
    }
    return largest == 0 ? 1 : Math.scalb(1.0, Math.max(Math.getExponent(largest), -1022));
  }

  /** Sign of the largest component as it will be stored: rounding to float32 can make two equal. */
  private static double sign(DMatrixRMaj v, DType dtype) {
    double largest = 0;
    double sign = 1;
    for (int i = 0; i < v.getNumElements(); i++) {
      double magnitude = Math.abs(v.get(i));
      double stored = dtype == DType.FLOAT32 ? (float) magnitude : magnitude;
      if (stored > largest) {
        largest = stored;
        sign = v.get(i) < 0 ? -1 : 1;
      }
    }
    return sign;
  }
}
