package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Steps of softmax's pullbacks on a row of n float32 elements. Positions are in bytes.
 *
 * <p>Sums along a row are of float32 vectors over {@link #CHUNK} elements and of float64 beyond.
 */
final class FloatSoftmaxPullback {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;
  private static final long VECTOR = LANES * SIZE;
  private static final int CHUNK = 1024;

  private FloatSoftmaxPullback() {}

  /** {@code z = y (g - sum g y)}. */
  static void pullBack(
      MemorySegment g, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    double along = 0;
    for (int from = 0; from < n; from += CHUNK) {
      int count = Math.min(CHUNK, n - from);
      along += dot(g, p + from * SIZE, y, q + from * SIZE, count);
    }
    project(g, p, y, q, (float) along, z, r, n);
  }

  private static double dot(MemorySegment g, long p, MemorySegment y, long q, int n) {
    if (!g.isNative() || !y.isNative()) {
      throw NativeSegments.onHeap(g, y);
    }
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector e = a;
    int i = 0;
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      long d = i * SIZE;
      a =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), a);
      d += VECTOR;
      b =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), b);
      d += VECTOR;
      c =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), c);
      d += VECTOR;
      e =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), e);
    }
    double rest = 0;
    for (; i < n; i++) {
      rest += (double) g.get(JAVA_FLOAT, p + i * SIZE) * y.get(JAVA_FLOAT, q + i * SIZE);
    }
    return rest + LaneSum.of(a.add(b).add(c.add(e)));
  }

  /** {@code z = y (g - along)}. */
  private static void project(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      float along,
      MemorySegment z,
      long r,
      int n) {
    if (!g.isNative() || !y.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, y, z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, g, p + d, ORDER)
          .sub(along)
          .mul(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      z.set(JAVA_FLOAT, r + d, (g.get(JAVA_FLOAT, p + d) - along) * y.get(JAVA_FLOAT, q + d));
    }
  }

  /** {@code z = g - z sum}. */
  static void subtract(MemorySegment g, long p, float sum, MemorySegment z, long r, int n) {
    if (!g.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, z);
    }
    FloatVector factor = FloatVector.broadcast(S, -sum);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, z, r + d, ORDER)
          .fma(factor, FloatVector.fromMemorySegment(S, g, p + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      float share = z.get(JAVA_FLOAT, r + d);
      z.set(JAVA_FLOAT, r + d, Math.fma(share, -sum, g.get(JAVA_FLOAT, p + d)));
    }
  }
}
