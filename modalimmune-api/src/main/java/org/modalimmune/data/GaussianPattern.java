package org.modalimmune.data;

import java.util.stream.IntStream;

/** One presence pattern of a Gaussian mixture with a shared covariance, whitened. */
final class GaussianPattern {
  private final double[][] means;
  private final double[][] covariance;
  private final int[] columns;
  private final int mask;
  private final int[] present;
  private final double[][] factor;
  private final double[][] whitened;

  GaussianPattern(double[][] means, double[][] covariance, int[] columns, int mask) {
    this.means = means;
    this.covariance = covariance;
    this.columns = columns;
    this.mask = mask;
    this.present =
        IntStream.range(0, columns.length)
            .filter(m -> (mask >> m & 1) == 1)
            .flatMap(m -> IntStream.range(start(m), start(m) + columns[m]))
            .toArray();
    double[][] inner = new double[present.length][];
    for (int i = 0; i < present.length; i++) {
      double[] row = covariance[present[i]];
      inner[i] = IntStream.of(present).mapToDouble(j -> row[j]).toArray();
    }
    factor = Cholesky.factor(inner);
    whitened = new double[means.length][];
    for (int c = 0; c < means.length; c++) {
      double[] mean = means[c];
      whitened[c] =
          Cholesky.solveLower(factor, IntStream.of(present).mapToDouble(j -> mean[j]).toArray());
    }
  }

  private int start(int modality) {
    int start = 0;
    for (int m = 0; m < modality; m++) {
      start += columns[m];
    }
    return start;
  }

  /** Inner products of the whitened mean differences from class 0: classes - 1 squared. */
  double[][] separation() {
    int size = means.length - 1;
    double[][] products = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < size; k++) {
        for (int i = 0; i < present.length; i++) {
          products[j][k] +=
              (whitened[j + 1][i] - whitened[0][i]) * (whitened[k + 1][i] - whitened[0][i]);
        }
      }
    }
    return products;
  }

  /** Mean over a modality's columns of 1 - error / variance; second holds E[posterior products]. */
  double reconstruction(int modality, double[][] second) {
    if ((mask >> modality & 1) == 1) {
      return 1;
    }
    double sum = 0;
    for (int i = 0; i < columns[modality]; i++) {
      sum += reconstruction(second, start(modality) + i);
    }
    return sum / columns[modality];
  }

  private double reconstruction(double[][] second, int column) {
    double[] row = covariance[column];
    double[] cross =
        Cholesky.solveLower(factor, IntStream.of(present).mapToDouble(j -> row[j]).toArray());
    double error = row[column];
    for (double value : cross) {
      error -= value * value;
    }
    int classes = means.length;
    double[] estimate = new double[classes];
    for (int c = 0; c < classes; c++) {
      estimate[c] = means[c][column];
      for (int i = 0; i < cross.length; i++) {
        estimate[c] -= cross[i] * whitened[c][i];
      }
    }
    // With weights w: sum w a^2 - (sum w a)^2 = sum over pairs of w_c w_k (a_c - a_k)^2 / 2.
    double variance = row[column];
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k < classes; k++) {
        double spread = estimate[c] - estimate[k];
        error += 0.5 * second[c][k] * spread * spread;
        double apart = means[c][column] - means[k][column];
        variance += 0.5 * apart * apart / (classes * (double) classes);
      }
    }
    return 1 - error / variance;
  }
}
