package org.modalimmune.hypergradient;

/** Bounds on rounding errors in float64 (Higham 2002, lemma 3.1). */
final class RoundingError {
  /** Unit roundoff u of float64. */
  static final double UNIT = 0x1p-53;

  private RoundingError() {}

  /** gamma_k = k u / (1 - k u), k u below 1/2 for every array length. */
  static double gamma(int k) {
    double ku = k * UNIT;
    return ku / (1 - ku);
  }

  /** At least the exact value of an expression of at most {@code k} positive operations. */
  static double upward(double value, int k) {
    return value * (1 + 2 * (k + 1) * UNIT);
  }

  /** At most the exact value of an expression of at most {@code k} positive operations. */
  static double downward(double value, int k) {
    return value * (1 - 2 * (k + 1) * UNIT);
  }

  /** At least the Euclidean norm of {@code x}. */
  static double normBound(double[] x) {
    double norm = Euclidean.norm(x);
    // n squares and n - 1 sums, halved by the root; the components that underflow when scaled
    return upward(norm * (1 + gamma(x.length + 2)), 2) + underflow(x.length);
  }

  /** What the underflows of {@code n^2} multiplications add to a vector's norm, with room. */
  static double underflow(int n) {
    return (double) n * n * Double.MIN_VALUE;
  }
}
