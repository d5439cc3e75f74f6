package org.modalimmune.data;

/**
 * A small seeded generator with explicit arithmetic, so that splits and synthetic data are the same
 * on every JDK and machine.
 *
 * <p>The state advances by the odd constant 0x9e3779b97f4a7c15; the output is the state through two
 * multiply-xor-shift rounds. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014, with the mixing constants of Stafford's variant 13. Gaussian draws use
 * the Box-Muller transform with {@link StrictMath}, whose results are specified bit by bit.
 */
final class SplitMix64 {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;
  private double spare;
  private boolean hasSpare;

  SplitMix64(long seed) {
    state = seed;
  }

  /** An independent generator for one purpose, numbered. */
  static SplitMix64 stream(long seed, int purpose) {
    return new SplitMix64(mix(mix(seed + GAMMA) + GAMMA * (purpose + 1L)));
  }

  long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform in (0, 1], a multiple of 2^-53. */
  double nextUniform() {
    return ((nextLong() >>> 11) + 1) * 0x1.0p-53;
  }

  /** Standard normal. */
  double nextGaussian() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double radius = StrictMath.sqrt(-2.0 * StrictMath.log(nextUniform()));
    double angle = 2.0 * StrictMath.PI * nextUniform();
    spare = radius * StrictMath.sin(angle);
    hasSpare = true;
    return radius * StrictMath.cos(angle);
  }

  /** Uniform over 0 .. bound - 1, without bias: draws above the last whole multiple are redrawn. */
  int nextInt(int bound) {
    long limit = (1L << 31) / bound * bound;
    while (true) {
      long draw = nextLong() >>> 33;
      if (draw < limit) {
        return (int) (draw % bound);
      }
    }
  }

  /** Fisher-Yates shuffle in place. */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }
}
