package org.modalimmune.hypergradient;

/**
 * H x = v solved to about 30 digits: Cholesky in float64, refined with residuals in twice that
 * precision, x kept as high + low.
 */
final class ExactSolve {
  private static final int REFINEMENTS = 5;

  private final int n;
  private final double[] a;
  private final double[][] factor;

  ExactSolve(int n, double[] a) {
    this.n = n;
    this.a = a;
    this.factor = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i * n + j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
      }
    }
  }

  /** {high, low}. */
  double[][] solve(double[] v) {
    double[] high = new double[n];
    double[] low = new double[n];
    for (int pass = 0; pass <= REFINEMENTS; pass++) {
      double[] d = backSolve(residual(v, high, low));
      for (int i = 0; i < n; i++) {
        double s = high[i] + d[i];
        double t = s - high[i];
        double e = (high[i] - (s - t)) + (d[i] - t) + low[i];
        high[i] = s + e;
        low[i] = e - (high[i] - s);
      }
    }
    return new double[][] {high, low};
  }

  /** |q - H^-1 v|. */
  double error(double[] q, double[] v) {
    double[][] x = solve(v);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double d = (q[i] - x[0][i]) - x[1][i];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  private double[] residual(double[] v, double[] high, double[] low) {
    double[] r = new double[n];
    for (int i = 0; i < n; i++) {
      double s = v[i];
      double e = 0;
      for (int j = 0; j < n; j++) {
        double b = -a[i * n + j];
        double p = b * high[j];
        double t = s + p;
        double z = t - s;
        e += (s - (t - z)) + (p - z) + Math.fma(b, high[j], -p) + b * low[j];
        s = t;
      }
      r[i] = s + e;
    }
    return r;
  }

  private double[] backSolve(double[] b) {
    double[] y = b.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        y[i] -= factor[i][k] * y[k];
      }
      y[i] /= factor[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        y[i] -= factor[k][i] * y[k];
      }
      y[i] /= factor[i][i];
    }
    return y;
  }
}
