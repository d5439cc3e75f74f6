package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {

  /** The published outputs of the reference implementation for the seed 1234567. */
  @Test
  void givesThePublishedNumbers() {
    SplitMix64 random = new SplitMix64(1234567);
    long[] expected =
        LongStream.of(
                6457827717110365317L,
                3203168211198807973L,
                Long.parseUnsignedLong("9817491932198370423"),
                4593380528125082431L,
                Long.parseUnsignedLong("16408922859458223821"))
            .toArray();
    assertArrayEquals(expected, LongStream.generate(random::nextLong).limit(5).toArray());
  }

  /** Moments of 200,000 draws within five standard errors: 1, sqrt 2, sqrt 96 over sqrt n. */
  @Test
  void gaussianMomentsAreRight() {
    SplitMix64 random = new SplitMix64(42);
    int n = 200_000;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (int i = 0; i < n; i++) {
      double x = random.nextGaussian();
      sum += x;
      squares += x * x;
      fourths += x * x * x * x;
    }
    double five = 5 / Math.sqrt(n);
    assertEquals(0, sum / n, five);
    assertEquals(1, squares / n, five * Math.sqrt(2));
    assertEquals(3, fourths / n, five * Math.sqrt(96));
  }

  /** Chi-square of 7 bins over 70,000 draws: 6 degrees of freedom, 99.99 % quantile 27.9. */
  @Test
  void boundedDrawsAreUniform() {
    SplitMix64 random = new SplitMix64(7);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    double chi = Arrays.stream(counts).mapToDouble(c -> (c - 1e4) * (c - 1e4) / 1e4).sum();
    assertEquals(0, chi, 27.9);
  }

  @Test
  void shufflesPermuteAndStreamsDiffer() {
    int[] values = IntStream.range(0, 50).toArray();
    new SplitMix64(1).shuffle(values);
    assertFalse(Arrays.equals(IntStream.range(0, 50).toArray(), values));
    Arrays.sort(values);
    assertArrayEquals(IntStream.range(0, 50).toArray(), values);
    assertNotEquals(SplitMix64.stream(1, 0).nextLong(), SplitMix64.stream(1, 1).nextLong());
    assertNotEquals(SplitMix64.stream(1, 0).nextLong(), SplitMix64.stream(2, 0).nextLong());
  }
}
