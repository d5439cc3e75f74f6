package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.D2F;
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

  /** {@code y = (x - mean) scale} in float64, rounded once, and {@code z = y gain + bias}. */
  static void standardize(
      MemorySegment x,
      long p,
      double mean,
      double scale,
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      MemorySegment bias,
      long t,
      MemorySegment z,
      long r,
      int n) {
    if (!x.isNative() || !y.isNative() || !gain.isNative() || !bias.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, y, gain, bias, z);
    }
    int i = 0;
    for (; i <= n - WIDE; i += WIDE) {
      long d = i * SIZE;
      FloatVector v =
          (FloatVector)
              wide(FloatVector.fromMemorySegment(F, x, p + d, ORDER))
                  .sub(mean)
                  .mul(scale)
                  .convertShape(D2F, F, 0);
      v.intoMemorySegment(y, q + d, ORDER);
      v.fma(
              FloatVector.fromMemorySegment(F, gain, s + d, ORDER),
              FloatVector.fromMemorySegment(F, bias, t + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = F.indexInRange(i, n);
      FloatVector v =
          (FloatVector)
              wide(FloatVector.fromMemorySegment(F, x, p + d, ORDER, m))
                  .sub(mean)
                  .mul(scale)
                  .convertShape(D2F, F, 0);
      v.intoMemorySegment(y, q + d, ORDER, m);
      v.fma(
              FloatVector.fromMemorySegment(F, gain, s + d, ORDER, m),
              FloatVector.fromMemorySegment(F, bias, t + d, ORDER, m))
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
    int i = 0;
    for (; i <= rows - 4; i += 4) {
      addFourRows(g, p + i * stride, y, q + i * stride, n, sums, u, w);
    }
    for (; i < rows; i++) {
      addRow(g, p + i * stride, y, q + i * stride, n, sums, u, w);
    }
  }

  private static void addFourRows(
      MemorySegment g, long p, MemorySegment y, long q, int n, MemorySegment sums, long u, long w) {
    if (!g.isNative() || !y.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, sums);
    }
    long stride = n * SIZE;
    int j = 0;
    for (; j <= n - WIDE; j += WIDE) {
      long v = j * 8L;
      long d = j * SIZE;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + v, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + v, ORDER);
      DoubleVector f = wide(FloatVector.fromMemorySegment(F, g, p + d, ORDER));
      a = f.fma(wide(FloatVector.fromMemorySegment(F, y, q + d, ORDER)), a);
      b = b.add(f);
      d += stride;
      f = wide(FloatVector.fromMemorySegment(F, g, p + d, ORDER));
      a = f.fma(wide(FloatVector.fromMemorySegment(F, y, q + d, ORDER)), a);
      b = b.add(f);
      d += stride;
      f = wide(FloatVector.fromMemorySegment(F, g, p + d, ORDER));
      a = f.fma(wide(FloatVector.fromMemorySegment(F, y, q + d, ORDER)), a);
      b = b.add(f);
      d += stride;
      f = wide(FloatVector.fromMemorySegment(F, g, p + d, ORDER));
      a = f.fma(wide(FloatVector.fromMemorySegment(F, y, q + d, ORDER)), a);
      b = b.add(f);
      a.intoMemorySegment(sums, u + v, ORDER);
      b.intoMemorySegment(sums, w + v, ORDER);
    }
    if (j < n) {
      VectorMask<Double> m = D.indexInRange(j, n);
      VectorMask<Float> in = F.indexInRange(j, n);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + j * 8L, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + j * 8L, ORDER, m);
      for (int i = 0; i < 4; i++) {
        long d = i * stride + j * SIZE;
        DoubleVector f = wide(FloatVector.fromMemorySegment(F, g, p + d, ORDER, in));
        a = f.fma(wide(FloatVector.fromMemorySegment(F, y, q + d, ORDER, in)), a);
        b = b.add(f);
      }
      a.intoMemorySegment(sums, u + j * 8L, ORDER, m);
      b.intoMemorySegment(sums, w + j * 8L, ORDER, m);
    }
  }

  private static void addRow(
      MemorySegment g, long p, MemorySegment y, long q, int n, MemorySegment sums, long u, long w) {
    if (!g.isNative() || !y.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, sums);
    }
    for (int j = 0; j < n; j += WIDE) {
      VectorMask<Double> m = D.indexInRange(j, n);
      VectorMask<Float> in = F.indexInRange(j, n);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + j * 8L, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + j * 8L, ORDER, m);
      DoubleVector f = wide(FloatVector.fromMemorySegment(F, g, p + j * SIZE, ORDER, in));
      f.fma(wide(FloatVector.fromMemorySegment(F, y, q + j * SIZE, ORDER, in)), a)
          .intoMemorySegment(sums, u + j * 8L, ORDER, m);
      b.add(f).intoMemorySegment(sums, w + j * 8L, ORDER, m);
    }
  }

  private static DoubleVector wide(FloatVector v) {
    return (DoubleVector) v.convertShape(F2D, D, 0);
  }
}
