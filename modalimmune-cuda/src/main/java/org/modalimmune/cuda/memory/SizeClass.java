package org.modalimmune.cuda.memory;

/**
 * Block sizes of the pool: multiples of 256 up to 1 KiB, then four per doubling, so that a block is
 * at most a quarter larger than what was asked for.
 */
final class SizeClass {
  /** Number of classes up to the largest size, 2^62. */
  static final int COUNT = 4 + 52 * 4;

  /** Largest request that a class can hold. */
  static final long MAX_BYTES = 1L << 62;

  private SizeClass() {}

  /** Index of the smallest class that holds {@code bytes}. */
  static int of(long bytes) {
    if (bytes <= 1024) {
      return bytes <= 256 ? 0 : (int) ((bytes - 1) >> 8);
    }
    int exponent = 63 - Long.numberOfLeadingZeros(bytes - 1);
    int quarter = (int) ((bytes - 1) >> (exponent - 2)) - 4;
    return 4 + (exponent - 10) * 4 + quarter;
  }

  /** Block size of a class in bytes. */
  static long bytes(int sizeClass) {
    if (sizeClass < 4) {
      return (sizeClass + 1) * 256L;
    }
    int exponent = 10 + (sizeClass - 4) / 4;
    int quarter = (sizeClass - 4) % 4;
    return (quarter + 5L) << (exponent - 2);
  }
}
