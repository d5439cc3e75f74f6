package org.modalimmune.data;

import org.modalimmune.io.DataException;

/** Lower Cholesky factors of small symmetric matrices. */
final class Cholesky {
  /** A pivot below this share of the largest diagonal entry is rounding. */
  private static final double NEGLIGIBLE = 1e-13;

  private Cholesky() {}

  /** The factor of a positive definite matrix. */
  static double[][] factor(double[][] matrix) {
    double[][] factor = factorSemidefinite(matrix);
    for (int i = 0; i < factor.length; i++) {
      if (factor[i][i] == 0) {
        throw new DataException(
            "ceilings: the covariance is not positive definite (pivot " + i + "); is the noise 0?");
      }
    }
    return factor;
  }

  /** A factor of a positive semidefinite matrix; the column of a vanishing pivot is zero. */
  static double[][] factorSemidefinite(double[][] matrix) {
    int size = matrix.length;
    double largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, matrix[i][i]);
    }
    double[][] factor = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int i = j; i < size; i++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        if (i == j) {
          factor[j][j] = sum > NEGLIGIBLE * largest ? Math.sqrt(sum) : 0;
        } else if (factor[j][j] > 0) {
          factor[i][j] = sum / factor[j][j];
        }
      }
    }
    return factor;
  }

  /** The solution of {@code factor x = right} by forward substitution. */
  static double[] solveLower(double[][] factor, double[] right) {
    double[] x = right.clone();
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= factor[i][k] * x[k];
      }
      x[i] /= factor[i][i];
    }
    return x;
  }
}
