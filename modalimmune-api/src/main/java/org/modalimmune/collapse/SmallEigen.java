package org.modalimmune.collapse;

import java.util.Arrays;

/**
 * All eigenpairs of small symmetric matrices on the host, in room that is kept between calls.
 *
 * <p>Householder reflections to tridiagonal form, then implicit QL steps with the shift of the
 * leading 2 x 2 section (Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, sections 7.4 and
 * 8.12). Backward stable: A V = V diag(w) and V'V = I hold to a modest multiple of order x 2^-53
 * |A|; small eigenvalues are known absolutely only. Eigenvectors are rows, so that a rotation runs
 * along memory.
 */
final class SmallEigen {
  /** Steps per eigenvalue; two are usual. */
  private static final int MOST_STEPS = 60;

  private final double[][] a;
  private final double[][] vectors;
  private final double[] diagonal;
  // element i couples i and i + 1
  private final double[] beside;
  private final double[] reflector;
  private final double[] product;
  private final int[] order;
  private int n;

  /**
   * @param largest order up to which there is room
   */
  SmallEigen(int largest) {
    a = new double[largest][largest];
    vectors = new double[largest][largest];
    diagonal = new double[largest];
    beside = new double[largest];
    reflector = new double[largest];
    product = new double[largest];
    order = new int[largest];
  }

  /**
   * Decomposes the leading section of a symmetric matrix.
   *
   * @param lower its lower triangle, finite; left as it is
   * @param size order of the section, at least 1
   */
  void decompose(double[][] lower, int size) {
    n = size;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        largest = Math.max(largest, Math.abs(lower[i][j]));
      }
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
    accumulate();
    diagonalise();
    for (int i = 0; i < n; i++) {
      diagonal[i] /= scale;
    }
    sort();
  }

  /** The i-th largest eigenvalue. */
  double value(int i) {
    return diagonal[order[i]];
  }

  /** Its eigenvector, the first {@code size} elements; overwritten by the next call. */
  double[] vector(int i) {
    return vectors[order[i]];
  }

  /** Column k is reflected to a multiple of the axis k + 1; its reflector stays in row k of a. */
  private void tridiagonalise() {
    for (int k = 0; k < n - 1; k++) {
      diagonal[k] = a[k][k];
      int first = k + 1;
      System.arraycopy(a[k], first, reflector, first, n - first);
      double head = reflector[first];
      double rest = dot(reflector, reflector, first + 1);
      if (rest == 0) {
        // already of this form
        beside[k] = head;
        Arrays.fill(a[k], first, n, 0);
        continue;
      }
      double image = Math.copySign(Math.sqrt(head * head + rest), -head);
      beside[k] = image;
      reflector[first] = head - image;
      // (I - u u') with |u|^2 = 2
      double norm = Math.sqrt(image * (image - head));
      for (int i = first; i < n; i++) {
        reflector[i] /= norm;
        product[i] = 0;
      }
      System.arraycopy(reflector, first, a[k], first, n - first);
      for (int i = first; i < n; i++) {
        add(product, reflector[i], a[i], first);
      }
      double half = dot(reflector, product, first) / 2;
      add(product, -half, reflector, first);
      for (int i = first; i < n; i++) {
        add(a[i], -reflector[i], product, first);
        add(a[i], -product[i], reflector, first);
      }
    }
    diagonal[n - 1] = a[n - 1][n - 1];
    beside[n - 1] = 0;
  }

  /** The product of the reflections, transposed. */
  private void accumulate() {
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
    double negligible = 0x1p-53 * norm;
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
      for (; place > 0 && diagonal[order[place - 1]] < diagonal[i]; place--) {
        order[place] = order[place - 1];
      }
      order[place] = i;
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
