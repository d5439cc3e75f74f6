package org.modalimmune.random;

/**
 * Names one stream of random numbers: block {@code i} of the stream is Philox4x32-10 of counter
 * {@code (i, stream)} under key {@code seed}. Equal keys draw equal numbers, everywhere.
 *
 * @param seed Philox key
 * @param stream upper 64 bits of the Philox counter
 */
public record RandomKey(long seed, long stream) {
  /** The first stream of a seed. */
  public static RandomKey of(long seed) {
    return new RandomKey(seed, 0);
  }

  /**
   * A key for an independent stream, determined by this key and {@code data}: the four words of
   * block {@code (data, stream xor 2^63)} become the new seed and stream.
   */
  public RandomKey fold(long data) {
    int[] words = new int[4];
    Philox4x32.block(data, stream ^ Long.MIN_VALUE, seed, words, 0);
    long newSeed = (words[0] & 0xFFFFFFFFL) | ((long) words[1] << 32);
    // the top bit stays clear, so that folding never meets the blocks that numbers are drawn from
    long newStream = ((words[2] & 0xFFFFFFFFL) | ((long) words[3] << 32)) & Long.MAX_VALUE;
    return new RandomKey(newSeed, newStream);
  }

  /** A key for the stream of that name, by folding in its UTF-16 units. */
  public RandomKey fold(String name) {
    RandomKey key = fold(name.length());
    for (int i = 0; i < name.length(); i++) {
      key = key.fold(name.charAt(i));
    }
    return key;
  }
}
