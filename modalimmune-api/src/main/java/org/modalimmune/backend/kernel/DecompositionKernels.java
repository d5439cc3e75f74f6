package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/** Dense decompositions of one matrix. */
public interface DecompositionKernels {
  /**
   * Eigenvalues, largest first, and orthonormal eigenvectors (columns) of a symmetric n x n matrix.
   * Only the lower triangle is read. The sign of each vector is fixed: its component of largest
   * magnitude (the first among equals) is positive.
   *
   * @throws ArithmeticException if an element is not finite or the iteration does not converge
   */
  void symmetricEigen(Tensor a, Tensor values, Tensor vectors);

  /**
   * Lower triangular L with L L' = a for a symmetric positive definite n x n matrix. Only the lower
   * triangle of {@code a} is read; the upper triangle of {@code lower} becomes 0.
   *
   * @throws ArithmeticException if a pivot is not positive; the message names it
   */
  void cholesky(Tensor a, Tensor lower);

  /**
   * Solves L X = B, or L' X = B if {@code transposed}, for a lower triangular n x n matrix and n x
   * k right-hand sides.
   *
   * @throws ArithmeticException if a diagonal element is 0
   */
  void solveTriangular(Tensor lower, boolean transposed, Tensor b, Tensor x);
}
