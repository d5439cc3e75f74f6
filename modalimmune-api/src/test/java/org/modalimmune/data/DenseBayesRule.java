package org.modalimmune.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The Bayes rule of one presence pattern in full dimension, by Gauss-Jordan inversion. */
final class DenseBayesRule {
  private final double[][] means;
  private final double[][] covariance;
  private final int[] columns;
  private final int[] present;
  private final double[][] precision;
  private final double[][] meanWeights;

  DenseBayesRule(double[][] means, double[][] covariance, int[] columns, int mask) {
    this.means = means;
    this.covariance = covariance;
    this.columns = columns;
    this.present =
        IntStream.range(0, columns.length)
            .filter(m -> (mask >> m & 1) == 1)
            .flatMap(m -> IntStream.range(start(m), start(m) + columns[m]))
            .toArray();
    double[][] inner = new double[present.length][present.length];
    for (int i = 0; i < present.length; i++) {
      for (int j = 0; j < present.length; j++) {
        inner[i][j] = covariance[present[i]][present[j]];
      }
    }
    precision = invert(inner);
    meanWeights = new double[means.length][];
    for (int c = 0; c < means.length; c++) {
      meanWeights[c] = times(means[c]);
    }
  }

  private int start(int modality) {
    return Arrays.stream(columns, 0, modality).sum();
  }

  private static double[][] invert(double[][] matrix) {
    int n = matrix.length;
    double[][] inverse = new double[n][n];
    for (int i = 0; i < n; i++) {
      inverse[i][i] = 1;
    }
    for (int p = 0; p < n; p++) {
      double pivot = matrix[p][p];
      for (int j = 0; j < n; j++) {
        matrix[p][j] /= pivot;
        inverse[p][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = i == p ? 0 : matrix[i][p];
        for (int j = 0; j < n; j++) {
          matrix[i][j] -= factor * matrix[p][j];
          inverse[i][j] -= factor * inverse[p][j];
        }
      }
    }
    return inverse;
  }

  private double[] row(MultimodalSplit rows, int row) {
    double[] all = new double[covariance.length];
    for (int m = 0; m < columns.length; m++) {
      rows.features(m).copyRow(row, all, start(m));
    }
    return all;
  }

  /** Precision times the present entries. */
  private double[] times(double[] x) {
    double[] product = new double[present.length];
    for (int i = 0; i < present.length; i++) {
      for (int j = 0; j < present.length; j++) {
        product[i] += precision[i][j] * x[present[j]];
      }
    }
    return product;
  }

  private double[] posterior(double[] x, double[] product) {
    double[] log = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      for (int i = 0; i < present.length; i++) {
        double weight = product[i] - meanWeights[c][i];
        log[c] -= 0.5 * weight * (x[present[i]] - means[c][present[i]]);
      }
    }
    double largest = Arrays.stream(log).max().orElseThrow();
    double[] p = Arrays.stream(log).map(v -> Math.exp(v - largest)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(v -> v / sum).toArray();
  }

  double accuracy(MultimodalSplit rows) {
    int[] labels = rows.labels();
    int right = 0;
    for (int row = 0; row < labels.length; row++) {
      double[] x = row(rows, row);
      double[] p = posterior(x, times(x));
      int best = 0;
      for (int c = 1; c < p.length; c++) {
        best = p[c] > p[best] ? c : best;
      }
      right += best == labels[row] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  /** Mean over a modality's columns of 1 - error / variance, both over the rows. */
  double reconstruction(MultimodalSplit rows, int modality) {
    int width = columns[modality];
    double[] error = new double[width];
    double[] sum = new double[width];
    double[] squares = new double[width];
    for (int row = 0; row < rows.rows(); row++) {
      double[] x = row(rows, row);
      double[] product = times(x);
      double[] p = posterior(x, product);
      double[] estimate = new double[width];
      for (int c = 0; c < means.length; c++) {
        for (int k = 0; k < width; k++) {
          int column = start(modality) + k;
          double conditional = means[c][column];
          for (int i = 0; i < present.length; i++) {
            conditional += covariance[column][present[i]] * (product[i] - meanWeights[c][i]);
          }
          estimate[k] += p[c] * conditional;
        }
      }
      for (int k = 0; k < width; k++) {
        double value = x[start(modality) + k];
        error[k] += (value - estimate[k]) * (value - estimate[k]);
        sum[k] += value;
        squares[k] += value * value;
      }
    }
    double total = 0;
    for (int k = 0; k < width; k++) {
      total += 1 - error[k] / (squares[k] - sum[k] * sum[k] / rows.rows());
    }
    return total / width;
  }
}
