package org.modalimmune.collapse;

/**
 * The Gram matrix M of a matrix A [B, d] on its smaller side: A'A if d is at most B, else A A'. Its
 * nonzero eigenvalues are those of A'A.
 */
interface GramOperator {
  /** Order n of M, min(B, d). */
  int size();

  /** Unit roundoff of the products. */
  double unitRoundoff();

  /**
   * M times each of some vectors.
   *
   * @param vectors each [n]
   * @return one new array per vector
   */
  double[][] apply(double[]... vectors);
}
