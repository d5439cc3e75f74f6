package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * Products with a centred and scaled matrix that is never stored. For z [B, d] and {@code columns}
 * [3, d] of z's type, with rows scale, shift and rest,
 *
 * <pre>
 *   A[i, j] = (scale[j] z[i, j] + shift[j]) + rest[j]
 * </pre>
 *
 * Each scale is 0 or a power of two, so that its product is exact and the first sum has one
 * rounding, fused or not; rest is what rounding the shift to the type left, at most about a unit
 * roundoff of it, and takes part in every result. A kernel may scale vectors and sums in place of
 * elements, so that z + shift / scale has to be finite as well.
 *
 * <p>Each kernel reads the elements of z from memory once. Blocks of vectors are float64 whatever
 * z's type, one vector per row, 1 to 8 of them; products may be formed in z's type, sums of more
 * than 4096 terms are added up in float64. z and the pivot may be any view, everything else is
 * contiguous; B and d are at least 1, and all elements of the operands are finite but for {@link
 * #columnMoments}. The order of summation depends on shape and layout alone. Bounds: {@code
 * spec/tolerances.md} 11.
 */
public interface GramKernels {
  /** Most vectors of one block. */
  int LARGEST_BLOCK = 8;

  /**
   * Per column of z: the sum of z - pivot, the sum of (z - pivot)^2, the smallest and the largest
   * element, both NaN if there is a NaN. Sums in float64.
   *
   * @param z [B, d]
   * @param pivot [d], of z's type; near the mean, so that nothing cancels
   * @param moments float64 [4, d], one row for each of the four
   */
  void columnMoments(Tensor z, Tensor pivot, Tensor moments);

  /** {@code out = v A'}: v float64 [k, d], out float64 [k, B]. */
  void multiply(Tensor z, Tensor columns, Tensor v, Tensor out);

  /** {@code out = u A}: u float64 [k, B], out float64 [k, d]. */
  void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out);

  /** {@code out = v A'A}: v and out float64 [k, d]. */
  void gram(Tensor z, Tensor columns, Tensor v, Tensor out);

  /** {@code out = u A A'}: u and out float64 [k, B]. */
  void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out);

  /**
   * {@code out = factor weight (A - share (A v) v')}: the gradient of a function of A's norm and
   * its largest singular value.
   *
   * @param v float64 [d]
   * @param weight scalar of z's type, a cotangent that stays on the device
   * @param out [B, d] of z's type
   */
  void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out);
}
