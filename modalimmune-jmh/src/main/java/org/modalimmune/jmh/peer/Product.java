package org.modalimmune.jmh.peer;

import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.tensor.DType;

/**
 * A matrix product C = op(A) op(B) that rivals compute, C [m, n]. Elements are small integers, so
 * that every order of summation gives the same bits and rivals must agree exactly.
 *
 * @param m rows of C
 * @param k inner size
 * @param n columns of C
 * @param transposedA whether A is stored [k, m] rather than [m, k]
 * @param transposedB whether B is stored [n, k] rather than [k, n]
 * @param dtype element type
 * @param a A's elements as stored, row-major
 * @param b B's elements as stored, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Product(
    int m,
    int k,
    int n,
    boolean transposedA,
    boolean transposedB,
    DType dtype,
    double[] a,
    double[] b) {
  private static final int LARGEST = 8;

  /**
   * Draws A and B.
   *
   * @param layout N or T for A, then for B, such as {@code NT}
   */
  public static Product draw(int m, int k, int n, String layout, DType dtype) {
    if (!layout.matches("[NT]{2}")) {
      throw new IllegalArgumentException("layout: must be NN, NT, TN or TT, got " + layout);
    }
    if ((double) k * LARGEST * LARGEST > 1 << 24) {
      throw new IllegalArgumentException("product: float32 sums of " + k + " terms are not exact");
    }
    Draws draws = new Draws(1);
    return new Product(
        m,
        k,
        n,
        layout.charAt(0) == 'T',
        layout.charAt(1) == 'T',
        dtype,
        draws.integers(Math.multiplyExact(m, k), LARGEST),
        draws.integers(Math.multiplyExact(k, n), LARGEST));
  }

  /** Elements of A as float32. */
  public float[] floatA() {
    return floats(a);
  }

  /** Elements of B as float32. */
  public float[] floatB() {
    return floats(b);
  }

  private static float[] floats(double[] values) {
    float[] f = new float[values.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) values[i];
    }
    return f;
  }
}
