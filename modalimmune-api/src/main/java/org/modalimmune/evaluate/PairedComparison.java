package org.modalimmune.evaluate;

import java.util.OptionalDouble;

/**
 * Two methods compared seed by seed: d_i = a_i - b_i.
 *
 * <p>{@code p} is the two-sided p-value of the paired t test, t = mean(d) / (std(d)/sqrt(n)) with n
 * - 1 degrees of freedom, so that p < 0.05 exactly when the 95 % interval of the difference leaves
 * out 0. It rests on roughly normal differences. {@code signFlipP} does not: under the null
 * hypothesis each d_i is as likely with the other sign, and it is the share of all 2^n sign choices
 * whose |sum| is at least the observed one (never below 2^(1-n)).
 *
 * <p>Defined edge cases: n = 1 has neither p-value. If the differences are all equal up to rounding
 * the t statistic is 0/0 or infinite; then p is 1 for differences of zero, and otherwise the sign
 * flip's 2^(1-n), the strongest evidence n equal differences can give.
 *
 * @param difference summary of d
 * @param p two-sided p of the paired t test; empty for n = 1
 * @param signFlipP exact two-sided sign-flip p; empty for n = 1 and n above {@value #MAX_SIGN_FLIP}
 */
public record PairedComparison(Summary difference, OptionalDouble p, OptionalDouble signFlipP) {

  /** The largest n for which all sign choices are enumerated. */
  public static final int MAX_SIGN_FLIP = 16;

  /**
   * Compares paired values.
   *
   * @param a figures of the first method, one per seed
   * @param b figures of the second method for the same seeds in the same order
   * @return the comparison; positive differences favour {@code a} where larger is better
   * @throws IllegalArgumentException if the lengths differ, are 0, or a value is not finite
   */
  public static PairedComparison of(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "paired comparison: "
              + a.length
              + " against "
              + b.length
              + " values; both methods need the same seeds");
    }
    double[] d = new double[a.length];
    double largest = 0;
    for (int i = 0; i < d.length; i++) {
      d[i] = a[i] - b[i];
      largest = Math.max(largest, Math.max(Math.abs(a[i]), Math.abs(b[i])));
    }
    // A subtraction of values up to `largest` is exact to one ulp: less spread than that is none.
    return ofDifferences(d, 2 * Math.ulp(largest));
  }

  /**
   * Tests differences that were formed elsewhere, such as contrasts of more than two runs.
   *
   * @param d one per seed
   * @param rounding a spread that rounding alone may give differences that are equal; at least 0
   * @return the comparison
   * @throws IllegalArgumentException if there are none, or a value is not finite
   */
  static PairedComparison ofDifferences(double[] d, double rounding) {
    Summary difference = Summary.of(d);
    if (d.length == 1) {
      return new PairedComparison(difference, OptionalDouble.empty(), OptionalDouble.empty());
    }
    OptionalDouble signFlip =
        d.length <= MAX_SIGN_FLIP ? OptionalDouble.of(signFlip(d)) : OptionalDouble.empty();
    return new PairedComparison(
        difference, OptionalDouble.of(tTest(difference, rounding)), signFlip);
  }

  private static double tTest(Summary difference, double rounding) {
    int n = difference.values().size();
    double mean = difference.mean();
    double std = difference.std().orElseThrow();
    if (std <= rounding) {
      return Math.abs(mean) <= rounding ? 1 : Math.scalb(1.0, 1 - n);
    }
    return StudentT.twoSidedTail(mean / (std / Math.sqrt(n)), n - 1);
  }

  private static double signFlip(double[] d) {
    double observed = 0;
    double scale = 0;
    for (double v : d) {
      observed += v;
      scale += Math.abs(v);
    }
    // Sums that tie mathematically differ by rounding only; they must count as ties.
    double threshold = Math.abs(observed) - 1e-12 * scale;
    int choices = 1 << d.length;
    int extreme = 0;
    for (int signs = 0; signs < choices; signs++) {
      double sum = 0;
      for (int i = 0; i < d.length; i++) {
        sum += (signs >>> i & 1) == 0 ? d[i] : -d[i];
      }
      if (Math.abs(sum) >= threshold) {
        extreme++;
      }
    }
    return (double) extreme / choices;
  }
}
