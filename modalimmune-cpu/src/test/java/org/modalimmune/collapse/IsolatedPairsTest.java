package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Pairs that lie apart are found here, and not only by the decomposition that stands behind. */
class IsolatedPairsTest {
  private static final int ROOM = 40;

  /**
   * Gershgorin's discs, of radius 0.4 about integers, do not meet: the leading ones hold a value
   * each.
   */
  @Property(tries = 300)
  void valuesInDisjointDiscsAreFound(
      @ForAll @IntRange(min = 2, max = ROOM) int n,
      @ForAll @IntRange(min = 1, max = 2) int wanted,
      @ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[] diagonal = new double[n];
    double[] beside = new double[n];
    int turn = random.nextInt(n);
    for (int i = 0; i < n; i++) {
      diagonal[i] = (i + turn) % n + 1;
      beside[i] = i < n - 1 ? 0.4 * random.nextDouble() - 0.2 : 0;
    }
    double[] values = new double[wanted];
    double[][] vectors = new double[wanted][n];
    assertTrue(
        new IsolatedPairs(ROOM).find(diagonal, beside, n, wanted, values, vectors),
        "order " + n + ", seed " + seed);
    for (int i = 0; i < wanted; i++) {
      assertEquals(n - i, values[i], 0.4);
      double[] v = vectors[i];
      assertEquals(1, HostVectors.norm(v), 4 * n * 0x1p-53);
      for (int j = 0; j < n; j++) {
        double image = diagonal[j] * v[j];
        image += j > 0 ? beside[j - 1] * v[j - 1] : 0;
        image += j < n - 1 ? beside[j] * v[j + 1] : 0;
        // what is accepted, and the rounding of this product
        assertEquals(values[i] * v[j], image, (8 * n + 8) * 0x1p-53 * (n + 0.4));
      }
    }
  }
}
