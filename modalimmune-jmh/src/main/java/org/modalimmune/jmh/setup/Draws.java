package org.modalimmune.jmh.setup;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Host arrays of random numbers, the same in every process. */
public final class Draws {
  private final RandomGenerator generator;

  /** A stream of its own for each seed. */
  public Draws(long seed) {
    this.generator = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Standard normal draws, each exactly a float32. */
  public double[] normal(int count) {
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) generator.nextGaussian();
    }
    return x;
  }

  /** Integers in [-limit, limit]. */
  public double[] integers(int count, int limit) {
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = generator.nextInt(-limit, limit + 1);
    }
    return x;
  }

  /** Class indices in [0, classes). */
  public int[] labels(int count, int classes) {
    return generator.ints(count, 0, classes).toArray();
  }
}
