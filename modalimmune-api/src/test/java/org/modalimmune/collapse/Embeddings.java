package org.modalimmune.collapse;

import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Draws of embeddings as row-major arrays. */
final class Embeddings {
  private Embeddings() {}

  /**
   * Standard normal draws, column 0 three times as wide so that the first eigenvalue stands out.
   */
  static double[] separated(long seed, int rows, int columns) {
    double[] z = normal(seed, rows * columns);
    for (int i = 0; i < rows; i++) {
      z[i * columns] *= 3;
    }
    return z;
  }

  static double[] normal(long seed, int count) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }

  /** The Frobenius norm of the embedding minus its column means. */
  static double spread(double[] z, int rows, int columns) {
    double square = 0;
    for (int j = 0; j < columns; j++) {
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        mean += z[i * columns + j] / rows;
      }
      for (int i = 0; i < rows; i++) {
        square += Math.pow(z[i * columns + j] - mean, 2);
      }
    }
    return Math.sqrt(square);
  }

  /** Times a product of Householder reflections, an orthogonal [d, d]. */
  static double[] rotated(long seed, double[] z, int rows, int columns) {
    double[] result = z.clone();
    for (int k = 0; k < 3; k++) {
      double[] h = normal(seed + k, columns);
      double square = HostVectors.dot(h, h);
      for (int i = 0; i < rows; i++) {
        double inner = 0;
        for (int j = 0; j < columns; j++) {
          inner += result[i * columns + j] * h[j];
        }
        for (int j = 0; j < columns; j++) {
          result[i * columns + j] -= 2 * inner / square * h[j];
        }
      }
    }
    return result;
  }

  /** Walsh function k on n = 2^m points, +-1; distinct ones are orthogonal, all but 0 sum to 0. */
  static double walsh(int k, int i) {
    return Integer.bitCount(k & i) % 2 == 0 ? 1 : -1;
  }
}
