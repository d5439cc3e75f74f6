package org.modalimmune.cuda.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Block sizes of the device's pool. */
class SizeClassTest {
  @Property(tries = 500)
  void theSmallestBlockThatHoldsARequest(
      @ForAll @LongRange(min = 0, max = SizeClass.MAX_BYTES) long bytes) {
    int sizeClass = SizeClass.of(bytes);
    long size = SizeClass.bytes(sizeClass);
    assertTrue(size >= bytes && size % 256 == 0, bytes + " in " + size);
    assertTrue(sizeClass >= 0 && sizeClass < SizeClass.COUNT, "class " + sizeClass);
    assertTrue(sizeClass == 0 || SizeClass.bytes(sizeClass - 1) < bytes, "a smaller one fits");
    assertTrue(bytes <= 1024 || size - bytes <= bytes / 4, bytes + " waste in " + size);
  }
}
