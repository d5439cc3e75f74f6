package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PatternSelectionTest {

  @Test
  void sixModalitiesAreTakenWhole() {
    assertEquals(PresencePattern.all(6), new PatternSelection(1, 5).patterns(6));
  }

  @Property(tries = 100)
  void aboveSixTheLimitIsMetAndTheFixedPatternsAreThere(
      @ForAll @IntRange(min = 7, max = 40) int m,
      @ForAll @IntRange(max = 40) int extra,
      @ForAll long seed) {
    PatternSelection selection = new PatternSelection(2 * m + 1 + extra, seed);
    List<PresencePattern> patterns = selection.patterns(m);
    assertEquals(selection.limit(), patterns.size());
    HashSet<PresencePattern> set = new HashSet<>(patterns);
    assertEquals(patterns.size(), set.size());
    assertTrue(patterns.getFirst().isFull());
    for (int i = 0; i < m; i++) {
      assertTrue(set.contains(PresencePattern.only(i, m)));
      assertTrue(set.contains(PresencePattern.without(i, m)));
    }
    assertEquals(patterns.stream().sorted().toList(), patterns);
    assertEquals(patterns, selection.patterns(m));
  }

  @Test
  void theSeedChoosesTheSample() {
    assertNotEquals(
        new PatternSelection(64, 1).patterns(10), new PatternSelection(64, 2).patterns(10));
  }

  @Test
  void sampledSizesAreUniform() {
    long ofSizeThree =
        new PatternSelection(300, 3).patterns(12).stream().filter(p -> p.size() == 3).count();
    // 275 draws over 9 sizes: 30 expected, standard deviation 5.2; uniform over patterns gives 15.
    assertTrue(ofSizeThree > 20 && ofSizeThree < 45, "size three: " + ofSizeThree);
  }

  @Test
  void aLimitThatHoldsEverythingTakesEverything() {
    assertEquals(PresencePattern.all(7), new PatternSelection(127, 0).patterns(7));
  }

  @Test
  void tooSmallALimitIsRefused() {
    var e =
        assertThrows(IllegalArgumentException.class, () -> new PatternSelection(14, 0).patterns(7));
    assertTrue(e.getMessage().contains("15"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new PatternSelection(0, 0));
  }
}
