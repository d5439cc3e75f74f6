package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.modalimmune.controller.ControllerStateTest.assertRefused;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ArmTest {
  @Test
  void namedArms() {
    assertEquals(0b111, Arm.none(3).present());
    Arm single = Arm.single(1, 3);
    assertEquals(0b101, single.present());
    assertTrue(single.collapses(1));
    assertFalse(single.collapses(2));
    assertEquals(new Arm(0b101, 3), Arm.pair(2, 0, 3));
    assertEquals(single, Arm.ofPresent(0b101, 3));
    assertEquals(1, Arm.ofPresent(1L << 61, Arm.MAX_MODALITIES).present() >>> 61);
  }

  @Test
  void orderOfEnumeration() {
    assertEquals(
        List.of(0b000L, 0b001L, 0b010L, 0b100L, 0b011L, 0b101L, 0b110L),
        Arm.upTo(3, 2).stream().map(Arm::collapsed).toList());
    assertEquals(List.of(Arm.none(1)), Arm.upTo(1, 5));
    assertEquals(List.of(Arm.none(4)), Arm.upTo(4, 0));
    assertEquals(1 + 62 + 62 * 61 / 2, Arm.upTo(62, 2).size());
  }

  @Property
  void everyArmOnceInOrderOfSize(
      @ForAll @IntRange(min = 1, max = 10) int modalities, @ForAll @IntRange(max = 12) int size) {
    List<Arm> arms = Arm.upTo(modalities, size);
    assertEquals(arms.size(), new HashSet<>(arms).size());
    long expected = 0;
    for (long mask = 0; mask < (1L << modalities) - 1; mask++) {
      expected += Long.bitCount(mask) <= size ? 1 : 0;
    }
    assertEquals(expected, arms.size());
    for (int i = 1; i < arms.size(); i++) {
      Arm a = arms.get(i - 1);
      Arm b = arms.get(i);
      assertTrue(a.size() <= b.size());
      if (a.size() == b.size()) {
        int differing = Long.numberOfTrailingZeros(a.collapsed() ^ b.collapsed());
        assertTrue(a.collapses(differing), a + " before " + b);
      }
    }
  }

  @Test
  void refusals() {
    assertRefused("at least one of 1", () -> Arm.single(0, 1));
    assertRefused("at least one of 2", () -> Arm.pair(0, 1, 2));
    assertRefused("at least one of 2", () -> Arm.ofPresent(0, 2));
    assertRefused("at least one of 2", () -> Arm.ofPresent(0b100, 2));
    assertRefused("at least one", () -> new Arm(-1, 3));
    assertRefused("twice", () -> Arm.pair(1, 1, 4));
    assertRefused("outside 0 to 2", () -> Arm.single(3, 3));
    assertRefused("1 to 62", () -> Arm.none(63));
    assertRefused("1 to 62", () -> Arm.ofPresent(1, 0));
    assertRefused("lower the size", () -> Arm.upTo(40, 20));
    assertThrows(IllegalArgumentException.class, () -> Arm.upTo(3, -1));
  }
}
