package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.F2D;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Layer normalisation's gain and bias, and its derivative's adjoint, on rows of n float32 elements.
 * Positions are in bytes.
 *
 * <p>Sums along a row are of float32 vectors over {@link #CHUNK} elements and of float64 beyond.
 */
final class FloatLayerNorm {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final int WIDE = D.length();
  private static final long SIZE = 4;
  private static final long VECTOR = LANES * SIZE;
  private static final int CHUNK = 1024;

  private FloatLayerNorm() {}

  /** {@code z = y gain + bias}. */
  static void scale(
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      MemorySegment bias,
      long t,
      MemorySegment z,
      long r,
      int n) {
    if (!y.isNative() || !gain.isNative() || !bias.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(y, gain, bias, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector factor = FloatVector.fromMemorySegment(S, gain, s + d, ORDER, m);
      FloatVector shift = FloatVector.fromMemorySegment(S, bias, t + d, ORDER, m);
      FloatVector.fromMemorySegment(S, y, q + d, ORDER, m)
          .fma(factor, shift)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = (h - mean h - y mean(h y)) scale} with h = g gain. */
  static void pullBack(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      float scale,
      MemorySegment z,
      long r,
      int n) {
    if (!g.isNative() || !y.isNative() || !gain.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, y, gain, z);
    }
    double sum = 0;
    double along = 0;
    for (int from = 0; from < n; from += CHUNK) {
      int to = Math.min(n, from + CHUNK);
      FloatVector a = FloatVector.zero(S);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector e = a;
      int i = from;
      for (; i <= to - 2 * LANES; i += 2 * LANES) {
        long d = i * SIZE;
        FloatVector h =
            FloatVector.fromMemorySegment(S, g, p + d, ORDER)
                .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER));
        a = a.add(h);
        b = h.fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), b);
        d += VECTOR;
        h =
            FloatVector.fromMemorySegment(S, g, p + d, ORDER)
                .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER));
        c = c.add(h);
        e = h.fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER), e);
      }
      for (; i < to; i += LANES) {
        long d = i * SIZE;
        VectorMask<Float> m = S.indexInRange(i, to);
        FloatVector h =
            FloatVector.fromMemorySegment(S, g, p + d, ORDER, m)
                .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER, m));
        a = a.add(h);
        b = h.fma(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m), b);
      }
      sum += LaneSum.of(a.add(c));
      along += LaneSum.of(b.add(e));
    }
    FloatVector mean = FloatVector.broadcast(S, (float) (sum / n));
    FloatVector slope = FloatVector.broadcast(S, (float) (-along / n));
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector h =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER));
      FloatVector.fromMemorySegment(S, y, q + d, ORDER)
          .fma(slope, h.sub(mean))
          .mul(scale)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector h =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER, m)
              .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER, m));
      FloatVector.fromMemorySegment(S, y, q + d, ORDER, m)
          .fma(slope, h.sub(mean))
          .mul(scale)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /**
   * Adds the columns' sums of g y over some rows to those at {@code u}, and of g to those at {@code
   * w}, in float64.
   */
  static void addColumns(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      int rows,
      int n,
      MemorySegment sums,
      long u,
      long w) {
    if (!g.isNative() || !y.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, sums);
    }
    long stride = n * SIZE;
    for (int j = 0; j < n; j += WIDE) {
      VectorMask<Double> m = D.indexInRange(j, n);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + j * 8L, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + j * 8L, ORDER, m);
      VectorMask<Float> in = F.indexInRange(j, n);
      for (int i = 0; i < rows; i++) {
        long d = i * stride + j * SIZE;
        DoubleVector v =
            (DoubleVector)
                FloatVector.fromMemorySegment(F, g, p + d, ORDER, in).convertShape(F2D, D, 0);
        DoubleVector x =
            (DoubleVector)
                FloatVector.fromMemorySegment(F, y, q + d, ORDER, in).convertShape(F2D, D, 0);
        a = v.fma(x, a);
        b = b.add(v);
      }
      a.intoMemorySegment(sums, u + j * 8L, ORDER, m);
      b.intoMemorySegment(sums, w + j * 8L, ORDER, m);
    }
  }
}
