package org.modalimmune.hypergradient;

import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Scope;

/**
 * Bounds on both ends of a symmetric operator's spectrum from k steps of Lanczos with a random
 * start and full reorthogonalisation. With theta_1 and theta_k the extreme Ritz values,
 *
 * <pre>
 * lower = theta_1 - eps (theta_k - theta_1) / (1 - 2 eps) - rounding
 * upper = theta_k + eps (theta_k - theta_1) / (1 - 2 eps) + rounding
 * sqrt(eps) = tanh(acosh(sqrt(2 n / pi) 2 / p) / (2 k - 1)),   eps = 0 for k >= n
 * </pre>
 *
 * hold together except with probability p over the start, which is uniform on the sphere. Nothing
 * is assumed of the operator but symmetry. After Kuczynski and Wozniakowski, "Estimating the
 * largest eigenvalue by the power and Lanczos algorithms with a random start", SIAM J. Matrix Anal.
 * Appl. 13 (1992); the form used here is derived in {@code spec/hypergradient.md}, section 4.
 *
 * @param smallestRitz an x'Hx with |x| = 1: at least the smallest eigenvalue, up to rounding
 * @param largestRitz an x'Hx with |x| = 1: at most the largest eigenvalue, up to rounding
 * @param lower at most the smallest eigenvalue
 * @param upper at least the largest eigenvalue
 * @param failureProbability p
 * @param products products spent
 * @param rounding at least what rounding moves either Ritz value by; contained in both bounds
 */
public record LanczosBound(
    double smallestRitz,
    double largestRitz,
    double lower,
    double upper,
    double failureProbability,
    int products,
    double rounding) {

  /**
   * Runs Lanczos; memory n k, time n k^2 beside the products.
   *
   * @param h symmetric [n, n]
   * @param steps k; n are enough
   * @param failureProbability p, 0 < p < 1
   * @param key names the start
   * @throws IllegalArgumentException if p is not in (0, 1), or so few steps say nothing at that p
   * @throws NonFiniteInputException if a product is not finite
   */
  public static LanczosBound of(
      LinearOperator h, int steps, double failureProbability, RandomKey key) {
    int n = h.dimension();
    if (!(failureProbability > 0 && failureProbability < 1)) {
      throw new IllegalArgumentException(
          "lanczos: the failure probability must be between 0 and 1, got " + failureProbability);
    }
    int k = Math.min(steps, n);
    double eps = k == n ? 0 : relativeError(n, k, failureProbability);
    if (k < 1 || eps >= 0.5) {
      throw new IllegalArgumentException(
          "lanczos: "
              + steps
              + " steps bound nothing at failure probability "
              + failureProbability
              + "; needs at least "
              + fewestSteps(n, failureProbability));
    }
    LanczosProcess process = new LanczosProcess(h, k, new RandomStream(key));
    TridiagonalRange range = process.run();
    double smallest = range.smallest();
    double largest = range.largest();
    double scale = Math.max(Math.abs(smallest), Math.abs(largest));
    // errors of k products and of k orthogonalisations, each of order n u relative to |H|
    double rounding =
        2 * k * scale * (h.relativeProductError() + 4 * RoundingError.gamma(n + 8))
            + RoundingError.underflow(n);
    double widening = eps * (largest - smallest) / (1 - 2 * eps) + rounding;
    return new LanczosBound(
        smallest,
        largest,
        smallest - widening,
        largest + widening,
        failureProbability,
        k,
        rounding);
  }

  /**
   * The same for an operator whose vectors lie on a backend; the basis is kept here, in float64.
   *
   * @param h symmetric, n components in all blocks
   */
  public static LanczosBound of(
      TensorOperator h, int steps, double failureProbability, RandomKey key) {
    try (Scope scope = h.backend().newScope()) {
      return of(new TransferredOperator(h, scope), steps, failureProbability, key);
    }
  }

  /** The bounds for a solver. */
  public SpectrumBounds spectrum() {
    return SpectrumBounds.probable(lower, Math.max(upper, Double.MIN_NORMAL), failureProbability);
  }

  /** eps at which either end fails with probability at most p / 2. */
  static double relativeError(int n, int k, double p) {
    double root = Math.tanh(exponent(n, p) / (2.0 * k - 1));
    return RoundingError.upward(root * root, 16);
  }

  private static double exponent(int n, double p) {
    double x = Math.max(1, Math.sqrt(2 * n / Math.PI) * 2 / p);
    return Math.log(x + Math.sqrt((x - 1) * (x + 1)));
  }

  /**
   * The fewest steps whose eps is at most {@code relativeError}; n where only the complete basis
   * is.
   *
   * @param n dimension of the operator, at least 1
   * @param failureProbability p, 0 < p < 1
   * @param relativeError eps, 0 < eps < 1/2
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static int steps(int n, double failureProbability, double relativeError) {
    if (n < 1
        || !(failureProbability > 0 && failureProbability < 1)
        || !(relativeError > 0 && relativeError < 0.5)) {
      throw new IllegalArgumentException(
          "lanczos: needs n >= 1, a failure probability in (0, 1) and a relative error in (0, 0.5),"
              + " got "
              + n
              + ", "
              + failureProbability
              + " and "
              + relativeError);
    }
    double root = Math.sqrt(relativeError);
    double atanh = (Math.log1p(root) - Math.log1p(-root)) / 2;
    double estimate = (exponent(n, failureProbability) / atanh + 1) / 2;
    int k = (int) Math.min(n, Math.max(1, Math.floor(estimate)));
    while (k < n && relativeError(n, k, failureProbability) > relativeError) {
      k++;
    }
    return k;
  }

  private static int fewestSteps(int n, double p) {
    // atanh(sqrt(1/2)) = ln(1 + sqrt 2)
    double k = (exponent(n, p) / Math.log1p(Math.sqrt(2)) + 1) / 2;
    return (int) Math.min(n, Math.floor(k * (1 + 1e-12)) + 1);
  }
}
