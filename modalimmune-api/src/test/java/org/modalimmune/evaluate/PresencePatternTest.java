package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PresencePatternTest {

  @Test
  void threeModalitiesComeInTheDocumentedOrder() {
    List<String> labels =
        PresencePattern.all(3).stream().map(p -> p.label(List.of("a", "b", "c"))).toList();
    assertEquals(List.of("a + b + c", "a + b", "a + c", "b + c", "a", "b", "c"), labels);
  }

  @Property(tries = 60)
  void enumerationHoldsEverySubsetOnceInAscendingOrder(@ForAll @IntRange(min = 1, max = 10) int m) {
    List<PresencePattern> all = PresencePattern.all(m);
    assertEquals((1 << m) - 1, all.size());
    assertEquals(all.size(), new HashSet<>(all).size());
    assertTrue(all.getFirst().isFull());
    for (int i = 1; i < all.size(); i++) {
      assertTrue(all.get(i - 1).compareTo(all.get(i)) < 0);
      assertTrue(all.get(i - 1).size() >= all.get(i).size());
    }
  }

  @Property(tries = 200)
  void maskBitsSayWhatIsPresent(
      @ForAll @IntRange(min = 2, max = 62) int m, @ForAll @IntRange(min = 0, max = 61) int index) {
    int i = index % m;
    PresencePattern without = PresencePattern.without(i, m);
    PresencePattern only = PresencePattern.only(i, m);
    assertFalse(without.isPresent(i));
    assertTrue(only.isPresent(i));
    assertEquals(m - 1, without.size());
    assertEquals(1, only.size());
    assertEquals(PresencePattern.full(m).mask(), without.mask() + only.mask());
  }

  @Test
  void impossibleMasksAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PresencePattern(0, 3));
    assertThrows(IllegalArgumentException.class, () -> new PresencePattern(8, 3));
    assertThrows(IllegalArgumentException.class, () -> new PresencePattern(-1, 62));
    assertThrows(IllegalArgumentException.class, () -> PresencePattern.full(63));
    assertThrows(IllegalArgumentException.class, () -> PresencePattern.only(3, 3));
    assertThrows(IllegalArgumentException.class, () -> PresencePattern.without(0, 1));
    assertThrows(IllegalArgumentException.class, () -> PresencePattern.full(2).names(List.of("a")));
  }
}
