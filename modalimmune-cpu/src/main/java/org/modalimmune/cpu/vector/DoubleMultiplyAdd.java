package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code z = a b + c} in float64 on dense operands; positions in bytes, counts in elements. */
final class DoubleMultiplyAdd {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  private DoubleMultiplyAdd() {}

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
      DoubleVector.fromMemorySegment(S, a, o + d, ORDER)
          .fma(
              DoubleVector.fromMemorySegment(S, b, p + d, ORDER),
              DoubleVector.fromMemorySegment(S, c, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, a, o + d, ORDER, m)
          .fma(
              DoubleVector.fromMemorySegment(S, b, p + d, ORDER, m),
              DoubleVector.fromMemorySegment(S, c, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
