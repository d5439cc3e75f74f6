package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Why loops that store vectors begin with a test for native memory.
 *
 * <p>While they are interpreted, vectors are reinterpreted by way of a heap segment. From then on
 * the compiler takes any segment for one that may lie on the heap, where a store could change the
 * segments themselves, and checks length, session and class anew at every access: 2.5 ns for a
 * vector. After the test it knows the class and checks before the loop. It has to stand in the
 * loop's own method.
 */
final class NativeSegments {
  private NativeSegments() {}

  /** What is thrown if the test fails. */
  static IllegalArgumentException onHeap(MemorySegment... operands) {
    return new IllegalArgumentException(
        "vectors: an operand lies on the heap: "
            + Arrays.toString(operands)
            + "; allocate it from a backend");
  }
}
