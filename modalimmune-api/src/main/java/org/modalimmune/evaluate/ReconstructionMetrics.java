package org.modalimmune.evaluate;

/** How well a modality's standardised features are reconstructed. */
public final class ReconstructionMetrics {

  private ReconstructionMetrics() {}

  /**
   * Coefficient of determination, pooled over the columns of a modality:
   *
   * <pre>R2 = 1 - sum_ij (x_ij - xhat_ij)^2 / sum_ij (x_ij - mean_i x_ij)^2</pre>
   *
   * <p>1 is perfect, 0 is as good as each column's mean over these rows, negative is worse. If no
   * column varies the ratio is undefined; then the value is 1 for an exact reconstruction and 0 for
   * any other.
   *
   * @param target rows x columns, row-major, standardised features
   * @param reconstruction the same layout
   * @param columns number of columns, at least 1
   * @return R2, at most 1
   * @throws IllegalArgumentException if the sizes disagree, there are no rows, or a value is not
   *     finite
   */
  public static double r2(double[] target, double[] reconstruction, int columns) {
    if (columns < 1 || target.length == 0 || target.length % columns != 0) {
      throw new IllegalArgumentException(
          "r2: " + target.length + " values are not whole rows of " + columns + " columns");
    }
    if (target.length != reconstruction.length) {
      throw new IllegalArgumentException(
          "r2: " + target.length + " targets, but " + reconstruction.length + " reconstructed");
    }
    int rows = target.length / columns;
    double error = 0;
    double variation = 0;
    for (int j = 0; j < columns; j++) {
      // Shifted by the first row, so that a constant column varies by exactly nothing.
      double shift = target[j];
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        mean += finite("target", target, i, j, columns) - shift;
      }
      mean /= rows;
      for (int i = 0; i < rows; i++) {
        double x = target[i * columns + j];
        double miss = x - finite("reconstruction", reconstruction, i, j, columns);
        error += miss * miss;
        double deviation = x - shift - mean;
        variation += deviation * deviation;
      }
    }
    if (variation == 0) {
      return error == 0 ? 1 : 0;
    }
    return 1 - error / variation;
  }

  private static double finite(String what, double[] values, int row, int column, int columns) {
    double value = values[row * columns + column];
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "r2: the " + what + " in row " + row + ", column " + column + " is " + value);
    }
    return value;
  }
}
