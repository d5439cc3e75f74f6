package org.modalimmune.conformance;

import java.util.SplittableRandom;

/** Draws elements of operands. */
@FunctionalInterface
public interface Sampler {
  /** The next element. */
  double next(SplittableRandom random);

  /** Standard normal: nothing is exceptional. */
  Sampler NORMAL = SplittableRandom::nextGaussian;

  /** Uniform in [1, 2): no cancellation, worst growth of a sum. */
  Sampler POSITIVE = r -> 1 + r.nextDouble();

  /** Finite, of either sign, magnitude log-uniform from 2^-40 to 2^12. */
  Sampler WIDE = r -> Math.scalb(1 + r.nextDouble(), r.nextInt(-40, 12)) * (r.nextInt(2) * 2 - 1);

  /** Mostly normal, some across all magnitudes, some NaN, infinite, zero, subnormal or huge. */
  Sampler ANY =
      r -> {
        int kind = r.nextInt(10);
        return kind < 6
            ? 3 * r.nextGaussian()
            : kind < 8 ? WIDE.next(r) : Special.VALUES[r.nextInt(Special.VALUES.length)];
      };

  /** NaN, infinities and a few numbers that tie. */
  Sampler TIES = r -> r.nextInt(8) == 0 ? Special.VALUES[r.nextInt(5)] : r.nextInt(-2, 3);

  /** The numbers that kernels get wrong. */
  final class Special {
    private static final double[] VALUES = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      0.0,
      -0.0,
      1,
      -1,
      0.5,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      1e-20,
      -1e-9,
      88.5,
      -88,
      -103,
      709.5,
      -745,
      1e5,
      -1e5
    };

    private Special() {}
  }
}
