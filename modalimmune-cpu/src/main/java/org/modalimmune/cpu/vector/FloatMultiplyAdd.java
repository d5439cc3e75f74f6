package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code z = a b + c} in float32 on dense operands; positions in bytes, counts in elements. */
final class FloatMultiplyAdd {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  private FloatMultiplyAdd() {}

  static void run(
      MemorySegment a,
      long o,
      MemorySegment b,
      long p,
      MemorySegment c,
      long q,
      MemorySegment z,
      long r,
      int n) {
    if (!a.isNative() || !b.isNative() || !c.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(a, b, c, z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, a, o + d, ORDER)
          .fma(
              FloatVector.fromMemorySegment(S, b, p + d, ORDER),
              FloatVector.fromMemorySegment(S, c, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, a, o + d, ORDER, m)
          .fma(
              FloatVector.fromMemorySegment(S, b, p + d, ORDER, m),
              FloatVector.fromMemorySegment(S, c, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
