package org.modalimmune.collapse;

import org.modalimmune.random.RandomKey;

/**
 * Settings of {@link StableRank}.
 *
 * @param tolerance largest residual |S v - l1 v| relative to l1, in unit roundoffs of Z's type; at
 *     least 8
 * @param maximalProducts vectors that S may be multiplied by, at least 4; what has been reached by
 *     then is returned and reported as not converged
 * @param key names the draws that the iteration starts from
 */
public record StableRankOptions(double tolerance, int maximalProducts, RandomKey key) {
  /** Checks the ranges. */
  public StableRankOptions {
    if (!(tolerance >= 8) || maximalProducts < 4) {
      throw new IllegalArgumentException(
          "stable rank: needs a tolerance of at least 8 unit roundoffs and at least 4 products, got"
              + " "
              + tolerance
              + " and "
              + maximalProducts);
    }
  }

  /** 128 unit roundoffs, 1000 products, a fixed key. */
  public static StableRankOptions defaults() {
    return new StableRankOptions(128, 1000, RandomKey.of(0).fold("stable rank"));
  }
}
