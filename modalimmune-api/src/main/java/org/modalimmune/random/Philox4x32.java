package org.modalimmune.random;

/**
 * The block function Philox4x32-10: a 128-bit counter and a 64-bit key to 128 random bits.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * section 3.3; constants and known answers of the authors' Random123 library.
 */
public final class Philox4x32 {
  /** First multiplier. */
  public static final int MULTIPLIER_0 = 0xD2511F53;

  /** Second multiplier. */
  public static final int MULTIPLIER_1 = 0xCD9E8D57;

  /** Weyl increment of the first key word (golden ratio). */
  public static final int WEYL_0 = 0x9E3779B9;

  /** Weyl increment of the second key word (sqrt(3) - 1). */
  public static final int WEYL_1 = 0xBB67AE85;

  /** Number of rounds. */
  public static final int ROUNDS = 10;

  private Philox4x32() {}

  /**
   * Writes the four words of one block to {@code out[at .. at + 3]}.
   *
   * @param counterLow counter words 0 (low half) and 1
   * @param counterHigh counter words 2 (low half) and 3
   * @param key key words 0 (low half) and 1
   */
  public static void block(long counterLow, long counterHigh, long key, int[] out, int at) {
    int c0 = (int) counterLow;
    int c1 = (int) (counterLow >>> 32);
    int c2 = (int) counterHigh;
    int c3 = (int) (counterHigh >>> 32);
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
  }
}
