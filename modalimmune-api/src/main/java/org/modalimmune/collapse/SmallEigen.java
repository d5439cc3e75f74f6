package org.modalimmune.collapse;

import java.util.Arrays;

/**
 * Leading eigenpairs of small symmetric matrices on the host, in room that is kept between calls:
 * Householder reflections to tridiagonal form (Parlett, "The Symmetric Eigenvalue Problem", SIAM
 * 1998, section 7.4), then {@link TridiagonalEigen}.
 *
 * <p>Backward stable: A v = w v and the lengths and angles of the vectors hold to a modest multiple
 * of order x 2^-53 |A|; small eigenvalues are known absolutely only.
 */
final class SmallEigen {
  private final double[][] a;
  private final double[] diagonal;
  // element i couples i and i + 1
  private final double[] beside;
  private final double[] product;
  private final TridiagonalEigen tridiagonal;
  private int n;
  private double scale;

  /**
   * @param largest order up to which there is room
   * @param most number of pairs up to which there is room
   */
  SmallEigen(int largest, int most) {
    a = new double[largest][largest];
    diagonal = new double[largest];
    beside = new double[largest];
    product = new double[largest];
    tridiagonal = new TridiagonalEigen(largest, most);
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
    scale = largest == 0 ? 1 : Math.scalb(1.0, -Math.getExponent(largest));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = scale * lower[i][j];
        a[j][i] = a[i][j];
      }
    }
    tridiagonalise();
    tridiagonal.solve(diagonal, beside, n, wanted);
    for (int i = 0; i < wanted; i++) {
      reflect(tridiagonal.vector(i));
    }
  }

  /** The i-th largest eigenvalue. */
  double value(int i) {
    return tridiagonal.value(i) / scale;
  }

  /** Its eigenvector, the first {@code size} elements; overwritten by the next call. */
  double[] vector(int i) {
    return tridiagonal.vector(i);
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
  }

  /**
   * Overwrites the tail x of a column by u with |u|^2 = 2, or 0, such that x - u (u'x) is a
   * multiple of the first axis, and returns the multiple.
   */
  private double reflector(double[] x, int first) {
    double head = x[first];
    double rest = dot(x, x, first + 1);
    if (rest == 0) {
      // already of this form
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
