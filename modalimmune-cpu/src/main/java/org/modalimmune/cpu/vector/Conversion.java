package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Between float32 and float64; positions and counts are in elements. */
final class Conversion {
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  private Conversion() {}

  /** Float32 to float64, exactly. */
  static void widen(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    int i = 0;
    for (; i < D.loopBound(n); i += LANES) {
      FloatVector.fromMemorySegment(F, x, (p + i) * 4, ORDER)
          .convertShape(F2D, D, 0)
          .intoMemorySegment(z, (r + i) * 8, ORDER);
    }
    if (i < n) {
      VectorMask<Float> m = F.indexInRange(i, n);
      FloatVector.fromMemorySegment(F, x, (p + i) * 4, ORDER, m)
          .convertShape(F2D, D, 0)
          .intoMemorySegment(z, (r + i) * 8, ORDER, D.indexInRange(i, n));
    }
  }

  /** Float64 to float32, rounded to nearest. */
  static void narrow(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    int i = 0;
    for (; i < D.loopBound(n); i += LANES) {
      DoubleVector.fromMemorySegment(D, x, (p + i) * 8, ORDER)
          .convertShape(D2F, F, 0)
          .intoMemorySegment(z, (r + i) * 4, ORDER);
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector.fromMemorySegment(D, x, (p + i) * 8, ORDER, m)
          .convertShape(D2F, F, 0)
          .intoMemorySegment(z, (r + i) * 4, ORDER, F.indexInRange(i, n));
    }
  }
}
