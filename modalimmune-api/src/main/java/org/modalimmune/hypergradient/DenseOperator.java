package org.modalimmune.hypergradient;

/** A stored symmetric matrix as an operator. */
public final class DenseOperator implements LinearOperator {
  private final int n;
  private final double[] values;

  /**
   * Copies a matrix.
   *
   * @param n rows and columns
   * @param rowMajor [n * n], exactly symmetric
   * @throws IllegalArgumentException if the size is wrong or the matrix not symmetric
   * @throws NonFiniteInputException if it holds NaN or infinity
   */
  public DenseOperator(int n, double[] rowMajor) {
    if (n < 1 || rowMajor.length != (long) n * n) {
      throw new IllegalArgumentException(
          "dense operator: needs n >= 1 and n * n values, got n = "
              + n
              + " and "
              + rowMajor.length
              + " values");
    }
    NonFiniteInputException.requireFinite("dense operator: the matrix", rowMajor);
    this.n = n;
    this.values = rowMajor.clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (values[i * n + j] != values[j * n + i]) {
          throw new IllegalArgumentException(
              "dense operator: the matrix must be symmetric, but differs at ("
                  + i
                  + ", "
                  + j
                  + "): "
                  + values[i * n + j]
                  + " and "
                  + values[j * n + i]
                  + "; average it with its transpose?");
        }
      }
    }
  }

  @Override
  public int dimension() {
    return n;
  }

  @Override
  public void apply(double[] x, double[] y) {
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += values[i * n + j] * x[j];
      }
      y[i] = sum;
    }
  }

  /** At least every |eigenvalue|: the largest row sum of magnitudes. */
  public double normBound() {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += Math.abs(values[i * n + j]);
      }
      largest = Math.max(largest, sum);
    }
    return RoundingError.upward(largest, n);
  }
}
