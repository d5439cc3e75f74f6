package org.modalimmune.hypergradient;

import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * A random positive definite system whose extreme eigenvalues are known to a few roundings, so that
 * certificates have little room.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RandomProblem(int n, double[] a, SpectrumBounds spectrum, double[] v, LinearOperator h) {
  static final int LARGEST = 8;

  static RandomProblem draw(long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    boolean single = random.nextInt(4) == 0;
    boolean diagonal = random.nextInt(4) == 0;
    int n = 1 + random.nextInt(LARGEST);
    double condition = Math.pow(10, random.nextDouble() * (single ? 3 : 8));
    double scale = Math.pow(10, random.nextDouble() * 6 - 3);
    double[] eigenvalues = new double[n];
    for (int i = 0; i < n; i++) {
      double position = i == 0 ? 0 : i == 1 ? 1 : random.nextDouble();
      double value = scale * Math.pow(condition, -position);
      eigenvalues[i] = single ? (float) value : value;
    }
    double lower = Double.POSITIVE_INFINITY;
    double upper = 0;
    for (double e : eigenvalues) {
      lower = Math.min(lower, e);
      upper = Math.max(upper, e);
    }
    double[][] q = identity(n);
    if (!diagonal) {
      reflect(q, random);
      reflect(q, random);
    }
    double[] a = compose(q, eigenvalues, single);
    // what two reflections, the product and its rounding to float32 may move an eigenvalue
    double moved = diagonal ? 0 : n * upper * (64 * 0x1p-53 + (single ? 0x1p-24 : 0));
    double[] v = new double[n];
    int kind = random.nextInt(3);
    double length = Math.pow(10, random.nextDouble() * 6 - 3);
    for (int i = 0; i < n; i++) {
      double along = q[i][Math.min(1, n - 1)];
      v[i] = length * (kind == 0 ? along : kind == 1 ? random.nextGaussian() : random.nextInt(5));
    }
    SpectrumBounds bounds = SpectrumBounds.certain(lower - moved, upper + moved);
    return new RandomProblem(n, a, bounds, v, operator(n, a, single));
  }

  double error(double[] q) {
    return new ExactSolve(n, a).error(q, v);
  }

  private static LinearOperator operator(int n, double[] a, boolean single) {
    return single ? new SingleOperator(n, a) : new DenseOperator(n, a);
  }

  private static double[][] identity(int n) {
    double[][] q = new double[n][n];
    for (int i = 0; i < n; i++) {
      q[i][i] = 1;
    }
    return q;
  }

  /** q (I - 2 w w'), w random. */
  private static void reflect(double[][] q, RandomStream random) {
    int n = q.length;
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = random.nextGaussian();
    }
    double square = Euclidean.dot(w, w);
    for (double[] row : q) {
      Euclidean.addScaled(row, -2 * Euclidean.dot(row, w) / square, w);
    }
  }

  private static double[] compose(double[][] q, double[] eigenvalues, boolean single) {
    int n = q.length;
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += q[i][k] * eigenvalues[k] * q[j][k];
        }
        a[i * n + j] = single ? (float) sum : sum;
        a[j * n + i] = a[i * n + j];
      }
    }
    return a;
  }

  /** The product in float32, as a device would compute it. */
  private record SingleOperator(int dimension, double[] a) implements LinearOperator {
    @Override
    public void apply(double[] x, double[] y) {
      for (int i = 0; i < dimension; i++) {
        float sum = 0;
        for (int j = 0; j < dimension; j++) {
          sum += (float) a[i * dimension + j] * (float) x[j];
        }
        y[i] = sum;
      }
    }

    @Override
    public double relativeProductError() {
      // x rounded to float32 is one rounding more
      double ku = (dimension + 1) * 0x1p-24;
      return Math.sqrt(dimension) * ku / (1 - ku);
    }
  }
}
