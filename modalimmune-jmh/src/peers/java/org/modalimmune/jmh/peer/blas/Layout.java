package org.modalimmune.jmh.peer.blas;

import org.modalimmune.jmh.peer.Product;

/**
 * What cblas is told about a product.
 *
 * @param m rows of C
 * @param k inner size
 * @param n columns of C
 * @param transposedA whether A is stored transposed
 * @param transposedB whether B is stored transposed
 */
record Layout(int m, int k, int n, boolean transposedA, boolean transposedB) {
  static Layout of(Product p) {
    return new Layout(p.m(), p.k(), p.n(), p.transposedA(), p.transposedB());
  }

  /** Elements from one stored row of A to the next. */
  int leadingA() {
    return transposedA ? m : k;
  }

  /** Elements from one stored row of B to the next. */
  int leadingB() {
    return transposedB ? k : n;
  }
}
