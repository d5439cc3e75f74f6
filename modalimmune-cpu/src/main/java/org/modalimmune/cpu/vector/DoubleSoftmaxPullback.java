package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Steps of softmax's pullbacks on a row of n float64 elements. Positions are in bytes. */
final class DoubleSoftmaxPullback {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  private DoubleSoftmaxPullback() {}

  /** {@code z = y (g - sum g y)}. */
  static void pullBack(
      MemorySegment g, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    double along = RowSums.dotDoubles(g, p / SIZE, y, q / SIZE, n);
    project(g, p, y, q, along, z, r, n);
  }

  /** {@code z = y (g - along)}. */
  private static void project(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      double along,
      MemorySegment z,
      long r,
      int n) {
    if (!g.isNative() || !y.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, y, z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, g, p + d, ORDER)
          .sub(along)
          .mul(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      z.set(JAVA_DOUBLE, r + d, (g.get(JAVA_DOUBLE, p + d) - along) * y.get(JAVA_DOUBLE, q + d));
    }
  }

  /** {@code z = g - z sum}. */
  static void subtract(MemorySegment g, long p, double sum, MemorySegment z, long r, int n) {
    if (!g.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, z);
    }
    DoubleVector factor = DoubleVector.broadcast(S, -sum);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, z, r + d, ORDER)
          .fma(factor, DoubleVector.fromMemorySegment(S, g, p + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      double share = z.get(JAVA_DOUBLE, r + d);
      z.set(JAVA_DOUBLE, r + d, Math.fma(share, -sum, g.get(JAVA_DOUBLE, p + d)));
    }
  }
}
