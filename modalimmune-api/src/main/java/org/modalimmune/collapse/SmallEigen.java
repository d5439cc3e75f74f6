package org.modalimmune.collapse;

import java.util.Arrays;

/**
 * Leading eigenpairs of small symmetric matrices on the host, in room that is kept between calls.
 *
 * <p>Householder reflections to tridiagonal form. Few pairs that lie apart from each other are then
 * found one by one ({@link IsolatedPairs}); otherwise all are, by implicit QL steps with the shift
 * of the leading 2 x 2 section (Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, sections
 * 7.4 and 8.12). Backward stable: A v = w v and the lengths and angles of the vectors hold to a
 * modest multiple of order x 2^-53 |A|; small eigenvalues are known absolutely only. Eigenvectors
 * are rows, so that a rotation runs along memory.
 */
final class SmallEigen {
  /** Pairs up to which it is worth to look for them one by one. */
  private static final int FEW = 2;

  /** Steps per eigenvalue; two are usual. */
  private static final int MOST_STEPS = 60;

  /** Square of a length that does not count beside elements near 1. */
  private static final double NOTHING = 0x1p-200;

  private final double[][] a;
  private final double[] diagonal;
  // element i couples i and i + 1
  private final double[] beside;
  private final double[] product;
  // of few pairs, unless all had to be found
  private double[][] vectors;
  private final double[] values;
  private final int[] order;
  private final IsolatedPairs isolated;
  private int n;

  /**
   * @param largest order up to which there is room
   */
  SmallEigen(int largest) {
    a = new double[largest][largest];
    diagonal = new double[largest];
    beside = new double[largest];
    product = new double[largest];
    vectors = new double[Math.min(FEW, largest)][largest];
    values = new double[largest];
    order = new int[largest];
    isolated = new IsolatedPairs(largest);
  }

  /**
   * Finds the leading pairs of the leading section of a symmetric matrix.
   *
   * @param lower its lower triangle; left as it is
   * @param size order of the section, at least 1
   * @param wanted number of pairs, at most the order
   * @throws ArithmeticException if an element is not finite
   */
  void decompose(double[][] lower, int size, int wanted) {
    n = size;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        largest = Math.max(largest, Math.abs(lower[i][j]));
      }
    }
    if (!(largest <= Double.MAX_VALUE)) {
      throw new ArithmeticException(
          "eigenvalues of a section of order " + n + ": it has an element " + largest);
    }
    // squares then neither overflow nor vanish
    double scale = largest == 0 ? 1 : Math.scalb(1.0, -Math.getExponent(largest));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = scale * lower[i][j];
        a[j][i] = a[i][j];
      }
    }
    tridiagonalise();
    if (wanted <= FEW && isolated.find(diagonal, beside, n, wanted, values, vectors)) {
      for (int i = 0; i < wanted; i++) {
        reflect(vectors[i]);
        order[i] = i;
        values[i] /= scale;
      }
      return;
    }
    accumulate();
    diagonalise();
    for (int i = 0; i < n; i++) {
      values[i] = diagonal[i] / scale;
    }
    sort();
  }

  /** The i-th largest eigenvalue. */
  double value(int i) {
    return values[order[i]];
  }

  /** Its eigenvector, the first {@code size} elements; overwritten by the next call. */
  double[] vector(int i) {
    return vectors[order[i]];
  }

  /** Column k is reflected to a multiple of the axis k + 1; its reflector stays in row k of a. */
  private void tridiagonalise() {
    for (int k = 0; k < n - 1; k++) {
      int first = k + 1;
      double[] u = a[k];
      diagonal[k] = u[k];
      beside[k] = reflector(u, first);
      Arrays.fill(product, first, n, 0);
      int i = first;
      for (; i < n - 3; i += 4) {
        addFour(u, i, product, first);
      }
      for (; i < n; i++) {
        add(product, u[i], a[i], first);
      }
      add(product, -dot(u, product, first) / 2, u, first);
      for (i = first; i < n; i++) {
        subtract(a[i], u[i], product, product[i], u, first);
      }
    }
    diagonal[n - 1] = a[n - 1][n - 1];
    beside[n - 1] = 0;
  }

  /**
   * Overwrites the tail x of a column by u with |u|^2 = 2, or 0, such that x - u (u'x) is a
   * multiple of the first axis, and returns the multiple.
   */
  private double reflector(double[] x, int first) {
    double head = x[first];
    double rest = dot(x, x, first + 1);
    if (rest <= NOTHING) {
      // already of this form; what rounding left may be so small that its square is inexact
      Arrays.fill(x, first, n, 0);
      return head;
    }
    double image = Math.copySign(Math.sqrt(head * head + rest), -head);
    x[first] = head - image;
    double norm = 1 / Math.sqrt(image * (image - head));
    for (int i = first; i < n; i++) {
      x[i] *= norm;
    }
    return image;
  }

  /** From a vector of the tridiagonal matrix to one of the section. */
  private void reflect(double[] x) {
    for (int k = n - 2; k >= 0; k--) {
      add(x, -dot(a[k], x, k + 1), a[k], k + 1);
    }
  }

  /** The product of the reflections, transposed. */
  private void accumulate() {
    if (vectors.length < n) {
      vectors = new double[a.length][a.length];
    }
    for (int i = 0; i < n; i++) {
      Arrays.fill(vectors[i], 0, n, 0);
      vectors[i][i] = 1;
    }
    for (int k = n - 3; k >= 0; k--) {
      for (int i = k + 1; i < n; i++) {
        add(vectors[i], -dot(a[k], vectors[i], k + 1), a[k], k + 1);
      }
    }
  }

  private void diagonalise() {
    double norm = 0;
    for (int i = 0; i < n; i++) {
      norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(beside[i]));
    }
    // twice the rounding of what a step leaves, below which it need not fall
    double negligible = 0x1p-52 * norm;
    for (int first = 0; first < n; first++) {
      int steps = 0;
      for (int last = end(first, negligible); last > first; last = end(first, negligible)) {
        if (steps++ == MOST_STEPS) {
          throw new ArithmeticException(
              "eigenvalues of a section of order " + n + ": no convergence, is it finite?");
        }
        step(first, last);
      }
    }
  }

  private int end(int first, double negligible) {
    int last = first;
    while (last < n - 1 && Math.abs(beside[last]) > negligible) {
      last++;
    }
    return last;
  }

  /** One QL step on rows {@code first .. last}: a bulge goes up from the last corner. */
  private void step(int first, int last) {
    double half = (diagonal[first + 1] - diagonal[first]) / 2;
    double couple = beside[first];
    double root = Math.copySign(Math.sqrt(half * half + couple * couple), half);
    double shift = diagonal[first] - couple * (couple / (half + root));
    double bulge = diagonal[last] - shift;
    double cosine = 1;
    double sine = 1;
    double carried = 0;
    for (int i = last - 1; i >= first; i--) {
      double up = sine * beside[i];
      double along = cosine * beside[i];
      double length = Math.sqrt(up * up + bulge * bulge);
      beside[i + 1] = length;
      if (length == 0) {
        // the matrix fell apart here
        diagonal[i + 1] -= carried;
        beside[last] = 0;
        return;
      }
      sine = up / length;
      cosine = bulge / length;
      double lower = diagonal[i + 1] - carried;
      double turned = (diagonal[i] - lower) * sine + 2 * cosine * along;
      carried = sine * turned;
      diagonal[i + 1] = lower + carried;
      bulge = cosine * turned - along;
      rotate(vectors[i], vectors[i + 1], cosine, sine);
    }
    diagonal[first] -= carried;
    beside[first] = bulge;
    beside[last] = 0;
  }

  private void rotate(double[] x, double[] y, double cosine, double sine) {
    for (int i = 0; i < n; i++) {
      double p = x[i];
      double q = y[i];
      y[i] = sine * p + cosine * q;
      x[i] = cosine * p - sine * q;
    }
  }

  /** Decreasing; equal ones as they came. */
  private void sort() {
    for (int i = 0; i < n; i++) {
      int place = i;
      for (; place > 0 && values[order[place - 1]] < values[i]; place--) {
        order[place] = order[place - 1];
      }
      order[place] = i;
    }
  }

  /** {@code y += factors[i] a[i] + ... + factors[i + 3] a[i + 3]} from an element on. */
  private void addFour(double[] factors, int i, double[] y, int from) {
    double[] a0 = a[i];
    double[] a1 = a[i + 1];
    double[] a2 = a[i + 2];
    double[] a3 = a[i + 3];
    double f0 = factors[i];
    double f1 = factors[i + 1];
    double f2 = factors[i + 2];
    double f3 = factors[i + 3];
    for (int j = from; j < n; j++) {
      y[j] += (f0 * a0[j] + f1 * a1[j]) + (f2 * a2[j] + f3 * a3[j]);
    }
  }

  /** {@code y -= p u + q v} from an element on. */
  private void subtract(double[] y, double p, double[] u, double q, double[] v, int from) {
    for (int j = from; j < n; j++) {
      y[j] -= p * u[j] + q * v[j];
    }
  }

  private void add(double[] y, double factor, double[] x, int from) {
    for (int i = from; i < n; i++) {
      y[i] += factor * x[i];
    }
  }

  private double dot(double[] x, double[] y, int from) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i < n - 1; i += 2) {
      even += x[i] * y[i];
      odd += x[i + 1] * y[i + 1];
    }
    return i < n ? even + odd + x[i] * y[i] : even + odd;
  }
}
