package org.modalimmune.jmh.collapse;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.modalimmune.jmh.setup.Draws;

/**
 * An embedding Z [rows, columns] and the exact gradient of its stable rank r = |Zc|_F^2 / s1^2,
 *
 * <pre>dr/dZ = 2 / s1^2 (Zc - r s1 u1 v1')</pre>
 *
 * with s1, u1, v1 the first singular triple of the centred Zc.
 *
 * @param rows B
 * @param columns d
 * @param values Z, row-major, each exactly a float32
 * @param rank r
 * @param gradient dr/dZ, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Embedding(int rows, int columns, double[] values, double rank, double[] gradient) {
  /**
   * @param spectrum {@code gaussian}: independent normal columns with deviations from 2 down to
   *     0.2; {@code slow}: singular values such that l1 / l2 = l2 / l3 = ... = 1.01; {@code fast}:
   *     l1 / l2 = 2, the rest falls as 1 / j
   */
  static Embedding of(int rows, int columns, String spectrum) {
    return switch (spectrum) {
      case "gaussian" -> gaussian(rows, columns);
      case "slow" -> prescribed(rows, columns, j -> Math.pow(1.01, -j));
      case "fast" -> prescribed(rows, columns, j -> 1.0 / (j + 1));
      default ->
          throw new IllegalArgumentException(
              "spectrum: must be gaussian, slow or fast, got " + spectrum);
    };
  }

  private interface Eigenvalues {
    double at(int j);
  }

  private static Embedding gaussian(int rows, int columns) {
    double[] z = new Draws(3).normal(rows * columns);
    for (int i = 0; i < z.length; i++) {
      double position = columns == 1 ? 0 : (i % columns) / (columns - 1.0);
      z[i] = (float) (z[i] * (2 - 1.8 * position));
    }
    DMatrixRMaj centred = centred(z, rows, columns);
    DMatrixRMaj gram = new DMatrixRMaj(columns, columns);
    CommonOps_DDRM.multTransA(centred, centred, gram);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(columns, true, true);
    if (!eigen.decompose(gram.copy())) {
      throw new IllegalStateException("embedding: EJML finds no eigenvalues of the Gram matrix");
    }
    int first = 0;
    for (int j = 1; j < columns; j++) {
      if (eigen.getEigenvalue(j).real > eigen.getEigenvalue(first).real) {
        first = j;
      }
    }
    return of(z, centred, eigen.getEigenVector(first).data, eigen.getEigenvalue(first).real);
  }

  /**
   * Z = U diag(s) H with orthonormal columns of U that add up to 0 (cosines) and a Householder
   * reflector H: nothing has to be centred, and v1 is the first row of H.
   */
  private static Embedding prescribed(int rows, int columns, Eigenvalues squares) {
    if (rows <= columns) {
      throw new IllegalArgumentException(
          "spectrum: needs more rows than columns, got " + rows + " x " + columns);
    }
    double[] w = new Draws(4).normal(columns);
    double norm = 0;
    for (double x : w) {
      norm += x * x;
    }
    double[] z = new double[rows * columns];
    double[] row = new double[columns];
    for (int i = 0; i < rows; i++) {
      double along = 0;
      for (int j = 0; j < columns; j++) {
        double u = Math.sqrt(2.0 / rows) * Math.cos(Math.PI * (i + 0.5) * (j + 1) / rows);
        row[j] = u * Math.sqrt(rows * squares.at(j));
        along += row[j] * w[j];
      }
      for (int j = 0; j < columns; j++) {
        z[i * columns + j] = (float) (row[j] - 2 * along / norm * w[j]);
      }
    }
    double[] v = new double[columns];
    for (int j = 0; j < columns; j++) {
      v[j] = (j == 0 ? 1 : 0) - 2 * w[0] / norm * w[j];
    }
    return of(z, centred(z, rows, columns), v, rows * squares.at(0));
  }

  private static DMatrixRMaj centred(double[] z, int rows, int columns) {
    double[] mean = new double[columns];
    for (int i = 0; i < z.length; i++) {
      mean[i % columns] += z[i] / rows;
    }
    double[] c = z.clone();
    for (int i = 0; i < c.length; i++) {
      c[i] -= mean[i % columns];
    }
    return DMatrixRMaj.wrap(rows, columns, c);
  }

  private static Embedding of(double[] z, DMatrixRMaj centred, double[] v, double largest) {
    double trace = 0;
    for (double x : centred.data) {
      trace += x * x;
    }
    double rank = trace / largest;
    double[] gradient = new double[z.length];
    for (int i = 0; i < centred.numRows; i++) {
      double product = 0;
      for (int j = 0; j < v.length; j++) {
        product += centred.data[i * v.length + j] * v[j];
      }
      for (int j = 0; j < v.length; j++) {
        int at = i * v.length + j;
        gradient[at] = 2 / largest * (centred.data[at] - rank * product * v[j]);
      }
    }
    return new Embedding(centred.numRows, centred.numCols, z, rank, gradient);
  }
}
