package org.modalimmune.random;

/**
 * Host-side sequential draws from one key, for decisions of a training loop: shuffles, choices.
 *
 * <p>Not safe for use by several threads; fold a key per thread instead.
 */
public final class RandomStream {
  private final RandomKey key;
  private final int[] words = new int[4];
  private long block;
  private int used = 4;

  /** Draws from the beginning of the key's stream. */
  public RandomStream(RandomKey key) {
    this.key = key;
  }

  /** 32 random bits. */
  public int nextInt() {
    if (used == 4) {
      Philox4x32.block(block++, key.stream(), key.seed(), words, 0);
      used = 0;
    }
    return words[used++];
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    int high = nextInt();
    return UniformBits.halfOpenDouble(high, nextInt());
  }

  /**
   * Uniform in 0 .. bound - 1, without bias (Lemire, "Fast random integer generation in an
   * interval", ACM TOMACS 2019).
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("random: the bound must be positive, got " + bound);
    }
    long product = (nextInt() & 0xFFFFFFFFL) * bound;
    long low = product & 0xFFFFFFFFL;
    if (low < bound) {
      long threshold = (0x100000000L - bound) % bound;
      while (low < threshold) {
        product = (nextInt() & 0xFFFFFFFFL) * bound;
        low = product & 0xFFFFFFFFL;
      }
    }
    return (int) (product >>> 32);
  }

  /** A Gaussian draw with mean 0 and variance 1; half of each Box-Muller pair is discarded. */
  public double nextGaussian() {
    int a = nextInt();
    int b = nextInt();
    int c = nextInt();
    int d = nextInt();
    return NormalTransform.radius(UniformBits.open52(a, b))
        * NormalTransform.cosine(UniformBits.halfOpenDouble(c, d));
  }

  /**
   * Index drawn with the given probabilities.
   *
   * @param probabilities non-negative, summing to 1 up to rounding
   */
  public int nextIndex(double[] probabilities) {
    double u = nextDouble();
    double cumulative = 0;
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        last = i;
        cumulative += probabilities[i];
        if (u < cumulative) {
          return i;
        }
      }
    }
    return last;
  }

  /** Permutes the array in place, uniformly (Fisher and Yates). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
  }
}
