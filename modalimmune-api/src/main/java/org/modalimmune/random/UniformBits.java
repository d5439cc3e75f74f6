package org.modalimmune.random;

/**
 * How random words become uniform numbers.
 *
 * <p>Half-open draws are multiples of 2^-24 (float32, from the top 24 bits of one word) or 2^-53
 * (float64, from the top 27 and 26 bits of two words) in [0, 1). Open draws, for logarithms, are
 * odd multiples of 2^-33 (one word) or 2^-53 (two words, 26 bits of each) in (0, 1).
 */
public final class UniformBits {
  private UniformBits() {}

  /** Float32 uniform in [0, 1) from one word. */
  public static float halfOpenFloat(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /** Float64 uniform in [0, 1) from two words. */
  public static double halfOpenDouble(int high, int low) {
    return (((long) (high >>> 5) << 26) | (low >>> 6)) * 0x1p-53;
  }

  /** Float64 uniform in [0, 1), a multiple of 2^-32, from one word. */
  public static double halfOpen32(int word) {
    return (word & 0xFFFFFFFFL) * 0x1p-32;
  }

  /** Float64 uniform in (0, 1) from one word. */
  public static double open32(int word) {
    return ((word & 0xFFFFFFFFL) + 0.5) * 0x1p-32;
  }

  /** Float64 uniform in (0, 1) from two words: 52 bits and a half. */
  public static double open52(int high, int low) {
    return ((((long) (high >>> 6) << 26) | (low >>> 6)) + 0.5) * 0x1p-52;
  }
}
