package org.modalimmune.conformance;

import java.util.SplittableRandom;

/** Small dense float64 matrices on the host, for drawing test matrices and for residuals. */
final class SquareMatrix {
  private final int n;
  private final double[] elements;

  /** Takes over the elements, row by row. */
  SquareMatrix(int n, double[] elements) {
    this.n = n;
    this.elements = elements;
  }

  int n() {
    return n;
  }

  double[] elements() {
    return elements;
  }

  double at(int row, int column) {
    return elements[row * n + column];
  }

  /** Q diag(values) Q' with Q a product of random reflections, symmetric to the last bit. */
  static SquareMatrix withSpectrum(double[] values, SplittableRandom random) {
    int n = values.length;
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = values[i];
    }
    for (int k = 0; k < Math.min(n, 4); k++) {
      double[] v = random.doubles(n, -1, 1).toArray();
      reflect(a, n, v);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        a[j * n + i] = a[i * n + j];
      }
    }
    return new SquareMatrix(n, a);
  }

  /** A becomes H A H with H = I - 2 v v' / v'v. */
  private static void reflect(double[] a, int n, double[] v) {
    double norm = 0;
    for (double x : v) {
      norm += x * x;
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < n; i++) {
        double dot = 0;
        for (int j = 0; j < n; j++) {
          dot += v[j] * a[pass == 0 ? j * n + i : i * n + j];
        }
        for (int j = 0; j < n; j++) {
          a[pass == 0 ? j * n + i : i * n + j] -= 2 * dot / norm * v[j];
        }
      }
    }
  }

  /** The lower triangle as it is, NaN above: a kernel that reads there shows. */
  double[] lowerOnly() {
    double[] out = elements.clone();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        out[i * n + j] = Double.NaN;
      }
    }
    return out;
  }

  /** The full symmetric matrix of the same lower triangle. */
  SquareMatrix symmetric() {
    double[] out = elements.clone();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        out[i * n + j] = out[j * n + i];
      }
    }
    return new SquareMatrix(n, out);
  }

  /** Largest column sum of magnitudes. */
  double norm1() {
    double largest = 0;
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Math.abs(at(i, j));
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }
}
