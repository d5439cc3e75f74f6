package org.modalimmune.cuda.library;

import org.modalimmune.tensor.DType;

/**
 * The functions of cuBLAS in use, on one stream. Matrices are column-major. The caller holds the
 * stream's lock and has settled the stream. Every call is checked.
 */
public interface BlasLibrary extends AutoCloseable {
  /** Version as {@code major.minor}. */
  String version();

  /** Gives the library working memory, so that it needs none of its own. */
  void setWorkspace(long address, long bytes);

  /**
   * {@code C = A B}, or {@code C = A B + C}, for a batch of matrices.
   *
   * @param type element type of all three
   * @param m rows of C
   * @param n columns of C
   * @param k inner size, at least 1
   * @param a first factor
   * @param b second factor
   * @param accumulate whether C's content is added
   * @param c result, not transposed
   * @param count matrices of the batch, at least 1
   */
  void multiply(
      DType type,
      int m,
      int n,
      int k,
      MatrixOperand a,
      MatrixOperand b,
      boolean accumulate,
      MatrixOperand c,
      int count);

  /**
   * Replaces B by the solution X of {@code X op(A) = B} for a triangular A, in float64.
   *
   * @param m rows of B
   * @param n columns of B, and the size of A
   * @param upper whether A is the upper triangle of what lies there
   * @param a the triangle; transposed says what op is
   * @param b right-hand sides in, solution out
   */
  void solveFromRight(int m, int n, boolean upper, MatrixOperand a, MatrixOperand b);

  @Override
  void close();
}
