package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

class PresenceObjectiveTest {
  @Property(tries = 200)
  void subsetsAreNotEmptyStayInsideAndReachEveryModality(
      @ForAll @IntRange(min = 1, max = PresencePattern.MAX_MODALITIES) int modalities,
      @ForAll long seed) {
    long full = PresencePattern.full(modalities).mask();
    RandomStream random = new RandomStream(RandomKey.of(seed));
    long union = 0;
    // 100 draws all miss one of 62 modalities with probability below 62 * 2^-100
    for (int i = 0; i < 100; i++) {
      long subset = PresenceObjective.nonEmptySubset(random, full);
      assertTrue(subset != 0, "an empty subset was drawn");
      assertEquals(subset, subset & full, "a subset names a modality that does not exist");
      union |= subset;
    }
    assertEquals(full, union, "a modality was never drawn");
  }
}
