package org.modalimmune.collapse;

/**
 * Leading eigenpairs of symmetric tridiagonal matrices that lie apart: Sturm counts (Parlett, "The
 * Symmetric Eigenvalue Problem", SIAM 1998, section 3.3) cut an interval about each eigenvalue
 * until it holds no other, and Rayleigh quotient iteration (section 4.6) finds the pair in it.
 */
final class IsolatedPairs {
  private static final double ROUNDOFF = 0x1p-53;

  /** Largest residual of a vector, in units of order x 2^-53 times the matrix. */
  private static final double ACCEPTED = 8;

  /** Width of an interval, relative to the matrix or to the last try, for quotients to be tried. */
  private static final double NARROW = 0x1p-6;

  /** Relative width below which eigenvalues count as a cluster. */
  private static final double CLUSTER = 0x1p-30;

  private static final int MOST_QUOTIENTS = 5;

  /** What has to be left of a vector that was found without regard to those before it. */
  private static final double MOSTLY = 0x1p-1;

  private final double[] low;
  private final double[] high;
  // how many eigenvalues lie above these
  private final int[] aboveLow;
  private final int[] aboveHigh;
  private final int[] counts = new int[4];
  private final double[] previous;
  // T - w I = P L U: multipliers and exchanges of L, three diagonals of U
  private final double[] multiplier;
  private final boolean[] exchanged;
  private final double[] pivot;
  private final double[] next;
  private final double[] afterNext;
  private double[] diagonal;
  private double[] beside;
  private double[] values;
  private double[][] vectors;
  private int n;
  private double norm;

  /**
   * @param largest order up to which there is room
   */
  IsolatedPairs(int largest) {
    low = new double[largest];
    high = new double[largest];
    aboveLow = new int[largest];
    aboveHigh = new int[largest];
    previous = new double[largest];
    multiplier = new double[largest];
    exchanged = new boolean[largest];
    pivot = new double[largest];
    next = new double[largest];
    afterNext = new double[largest];
    diagonal = new double[0];
    beside = new double[0];
    values = new double[0];
    vectors = new double[0][];
  }

  /**
   * Finds the leading pairs, or that some of them are too close to others.
   *
   * @param diagonal finite, as {@code beside}, and with squares in the range
   * @param beside element i couples i and i + 1
   * @param size order, at least 1
   * @param wanted number of pairs, at most the order
   * @param values eigenvalues, from the largest on
   * @param vectors their vectors of unit length
   * @return whether all were found; if not, results are without meaning
   */
  boolean find(
      double[] diagonal,
      double[] beside,
      int size,
      int wanted,
      double[] values,
      double[][] vectors) {
    this.diagonal = diagonal;
    this.beside = beside;
    this.values = values;
    this.vectors = vectors;
    n = size;
    bound(wanted);
    for (int i = 0; i < wanted; i++) {
      if (!isolate(i, wanted) || (i > 0 && values[i] > values[i - 1])) {
        return false;
      }
    }
    return true;
  }

  /** Gershgorin's interval. */
  private void bound(int wanted) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double radius = (i > 0 ? Math.abs(beside[i - 1]) : 0) + (i < n - 1 ? Math.abs(beside[i]) : 0);
      least = Math.min(least, diagonal[i] - radius);
      largest = Math.max(largest, diagonal[i] + radius);
    }
    norm = Math.max(-least, largest);
    double margin = 4 * n * ROUNDOFF * norm;
    for (int i = 0; i < wanted; i++) {
      low[i] = least - margin;
      high[i] = largest + margin;
      aboveLow[i] = n;
      aboveHigh[i] = 0;
    }
  }

  /**
   * Cuts the i-th interval into five at a time, since four counts take hardly longer than one, and
   * tries for the pair once there is but one in it.
   */
  private boolean isolate(int i, int wanted) {
    double tried = Double.POSITIVE_INFINITY;
    while (high[i] - low[i] > CLUSTER * norm) {
      double width = high[i] - low[i];
      boolean alone = aboveLow[i] == i + 1 && aboveHigh[i] == i;
      if (alone && width < NARROW * norm && width < NARROW * tried) {
        if (refine(i)) {
          return true;
        }
        tried = width;
      }
      double from = low[i];
      double step = width / 5;
      count(from + step, from + 2 * step, from + 3 * step, from + 4 * step);
      for (int c = 0; c < 4; c++) {
        for (int l = i; l < wanted; l++) {
          narrow(l, from + (c + 1) * step, counts[c]);
        }
      }
    }
    return false;
  }

  private void narrow(int i, double x, int above) {
    if (above > i && x > low[i]) {
      low[i] = x;
      aboveLow[i] = above;
    } else if (above <= i && x < high[i]) {
      high[i] = x;
      aboveHigh[i] = above;
    }
  }

  /**
   * The i-th pair by Rayleigh quotient iteration (Parlett, section 4.6), which triples the digits
   * in a step. An eigenvalue lies within the residual of the quotient; the interval holds but one,
   * so it is that one if the quotient stays inside by as much.
   */
  private boolean refine(int i) {
    double enough = ACCEPTED * n * ROUNDOFF * norm;
    double w = (low[i] + high[i]) / 2;
    double[] x = vectors[i];
    start(x);
    for (int step = 0; step < MOST_QUOTIENTS; step++) {
      System.arraycopy(x, 0, previous, 0, n);
      factorise(w);
      solve(x);
      double growth = length(x);
      scale(x, 1 / growth);
      double residual = 1 / growth;
      w += dot(x, previous) * residual;
      boolean inside = w - residual > low[i] && w + residual < high[i];
      if (inside && residual <= enough) {
        values[i] = w;
        return orthogonalise(i) > MOSTLY;
      }
      // the first quotient is that of a start without meaning
      if (!inside && step > 0) {
        return false;
      }
    }
    return false;
  }

  /** How many eigenvalues lie above each of four numbers: as many as there are positive pivots. */
  private void count(double x0, double x1, double x2, double x3) {
    double tiny = ROUNDOFF * ROUNDOFF * norm;
    int c0 = 0;
    int c1 = 0;
    int c2 = 0;
    int c3 = 0;
    double q0 = 1;
    double q1 = 1;
    double q2 = 1;
    double q3 = 1;
    double square = 0;
    for (int i = 0; i < n; i++) {
      double d = diagonal[i];
      q0 = d - x0 - square / q0;
      q1 = d - x1 - square / q1;
      q2 = d - x2 - square / q2;
      q3 = d - x3 - square / q3;
      q0 = Math.abs(q0) < tiny ? -tiny : q0;
      q1 = Math.abs(q1) < tiny ? -tiny : q1;
      q2 = Math.abs(q2) < tiny ? -tiny : q2;
      q3 = Math.abs(q3) < tiny ? -tiny : q3;
      c0 += q0 > 0 ? 1 : 0;
      c1 += q1 > 0 ? 1 : 0;
      c2 += q2 > 0 ? 1 : 0;
      c3 += q3 > 0 ? 1 : 0;
      square = i < n - 1 ? beside[i] * beside[i] : 0;
    }
    counts[0] = c0;
    counts[1] = c1;
    counts[2] = c2;
    counts[3] = c3;
  }

  /** Elements between 1/2 and 3/2 in an order without structure: some of every eigenvector. */
  private void start(double[] x) {
    for (int j = 0; j < n; j++) {
      double turns = (j + 1) * 0.6180339887498949;
      x[j] = 0.5 + (turns - Math.floor(turns));
    }
    scale(x, 1 / length(x));
  }

  /** Gaussian elimination of T - w I with the larger of two rows as the pivot. */
  private void factorise(double w) {
    double least = ROUNDOFF * norm;
    double d = diagonal[0] - w;
    double e = n > 1 ? beside[0] : 0;
    for (int i = 0; i < n - 1; i++) {
      double below = beside[i];
      double belowDiagonal = diagonal[i + 1] - w;
      double belowNext = i < n - 2 ? beside[i + 1] : 0;
      exchanged[i] = Math.abs(below) > Math.abs(d);
      if (exchanged[i]) {
        multiplier[i] = d / below;
        pivot[i] = below;
        next[i] = belowDiagonal;
        afterNext[i] = belowNext;
        d = e - multiplier[i] * belowDiagonal;
        e = -multiplier[i] * belowNext;
      } else {
        pivot[i] = Math.abs(d) < least ? least : d;
        multiplier[i] = below / pivot[i];
        next[i] = e;
        afterNext[i] = 0;
        d = belowDiagonal - multiplier[i] * e;
        e = belowNext;
      }
    }
    pivot[n - 1] = Math.abs(d) < least ? least : d;
  }

  private void solve(double[] x) {
    for (int i = 0; i < n - 1; i++) {
      if (exchanged[i]) {
        double upper = x[i];
        x[i] = x[i + 1];
        x[i + 1] = upper - multiplier[i] * x[i];
      } else {
        x[i + 1] -= multiplier[i] * x[i];
      }
    }
    x[n - 1] /= pivot[n - 1];
    if (n > 1) {
      x[n - 2] = (x[n - 2] - next[n - 2] * x[n - 1]) / pivot[n - 2];
    }
    for (int i = n - 3; i >= 0; i--) {
      x[i] = (x[i] - next[i] * x[i + 1] - afterNext[i] * x[i + 2]) / pivot[i];
    }
  }

  /** Takes from the i-th vector what it has along those before; returns what was left of it. */
  private double orthogonalise(int i) {
    double[] x = vectors[i];
    for (int l = 0; l < i; l++) {
      double along = dot(x, vectors[l]);
      for (int j = 0; j < n; j++) {
        x[j] -= along * vectors[l][j];
      }
    }
    double left = length(x);
    if (left > 0) {
      scale(x, 1 / left);
    }
    return left;
  }

  private double dot(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }

  private double length(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  private void scale(double[] x, double factor) {
    for (int j = 0; j < n; j++) {
      x[j] *= factor;
    }
  }
}
