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
   * @param vectors each [n]; those from {@code from} to {@code to - 1} are multiplied, eight at
   *     most
   * @param products [n] each, written at the same indices
   */
  void apply(double[][] vectors, int from, int to, double[][] products);
}
