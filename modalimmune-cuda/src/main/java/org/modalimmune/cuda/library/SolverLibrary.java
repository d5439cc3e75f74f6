package org.modalimmune.cuda.library;

/**
 * The dense functions of cuSOLVER in use, in float64, on one stream. Matrices are column-major n x
 * n without gaps, and given by their upper triangle. The caller holds the stream's lock and has
 * settled the stream. Every call is checked; what a call finds out about the numbers goes to a word
 * on the device.
 */
public interface SolverLibrary extends AutoCloseable {
  /** Elements of working memory that {@link #eigen} needs. */
  int eigenWorkspace(int n, long a, long values);

  /**
   * Eigenvalues, smallest first, and eigenvectors, which replace the columns of {@code a}.
   *
   * @param information address of an int that becomes 0 on success and positive if the iteration
   *     did not converge
   */
  void eigen(int n, long a, long values, long work, int workSize, long information);

  /** Elements of working memory that {@link #cholesky} needs. */
  int choleskyWorkspace(int n, long a);

  /**
   * Replaces the upper triangle of {@code a} by U with U' U = a.
   *
   * @param information address of an int that becomes 0 on success, and i if the leading minor of
   *     size i is not positive definite
   */
  void cholesky(int n, long a, long work, int workSize, long information);

  @Override
  void close();
}
