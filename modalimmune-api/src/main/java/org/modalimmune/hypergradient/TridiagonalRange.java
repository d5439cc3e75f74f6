package org.modalimmune.hypergradient;

/**
 * Smallest and largest eigenvalue of a symmetric tridiagonal matrix by bisection on the number of
 * negative pivots of T - x I, which is the number of eigenvalues below x (Sylvester's law of
 * inertia).
 */
final class TridiagonalRange {
  private final double[] diagonal;
  private final double[] offDiagonal;
  private final int n;

  /** The leading n rows of a tridiagonal matrix; {@code offDiagonal[i]} couples i and i + 1. */
  TridiagonalRange(double[] diagonal, double[] offDiagonal, int n) {
    this.diagonal = diagonal;
    this.offDiagonal = offDiagonal;
    this.n = n;
  }

  double smallest() {
    return bisect(1);
  }

  double largest() {
    return bisect(n);
  }

  /** Where the number of eigenvalues below x reaches {@code count}. */
  private double bisect(int count) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double radius =
          (i > 0 ? Math.abs(offDiagonal[i - 1]) : 0) + (i < n - 1 ? Math.abs(offDiagonal[i]) : 0);
      low = Math.min(low, diagonal[i] - radius);
      high = Math.max(high, diagonal[i] + radius);
    }
    while (true) {
      double middle = low / 2 + high / 2;
      if (!(low < middle && middle < high)) {
        return middle;
      }
      if (below(middle) >= count) {
        high = middle;
      } else {
        low = middle;
      }
    }
  }

  private int below(double x) {
    int count = 0;
    double pivot = 1;
    for (int i = 0; i < n; i++) {
      double coupling = i > 0 ? offDiagonal[i - 1] : 0;
      pivot = diagonal[i] - x - (coupling == 0 ? 0 : coupling * (coupling / pivot));
      if (pivot == 0) {
        pivot = -Double.MIN_NORMAL;
      }
      if (pivot < 0) {
        count++;
      }
    }
    return count;
  }
}
