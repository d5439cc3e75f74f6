package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Layer normalisation's gain and bias, and its derivative's adjoint, on rows of n float64 elements.
 * Positions are in bytes.
 */
final class DoubleLayerNorm {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final VectorSpecies<Double> D = S;
  private static final int LANES = S.length();
  private static final long SIZE = 8;
  private static final long VECTOR = LANES * SIZE;
  private static final int CHUNK = 1024;

  private DoubleLayerNorm() {}

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
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, y, q + d, ORDER)
          .fma(
              DoubleVector.fromMemorySegment(S, gain, s + d, ORDER),
              DoubleVector.fromMemorySegment(S, bias, t + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector factor = DoubleVector.fromMemorySegment(S, gain, s + d, ORDER, m);
      DoubleVector shift = DoubleVector.fromMemorySegment(S, bias, t + d, ORDER, m);
      DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m)
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
      double scale,
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
      DoubleVector a = DoubleVector.zero(S);
      DoubleVector b = a;
      DoubleVector c = a;
      DoubleVector e = a;
      int i = from;
      for (; i <= to - 2 * LANES; i += 2 * LANES) {
        long d = i * SIZE;
        DoubleVector h =
            DoubleVector.fromMemorySegment(S, g, p + d, ORDER)
                .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER));
        a = a.add(h);
        b = h.fma(DoubleVector.fromMemorySegment(S, y, q + d, ORDER), b);
        d += VECTOR;
        h =
            DoubleVector.fromMemorySegment(S, g, p + d, ORDER)
                .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER));
        c = c.add(h);
        e = h.fma(DoubleVector.fromMemorySegment(S, y, q + d, ORDER), e);
      }
      for (; i < to; i += LANES) {
        long d = i * SIZE;
        VectorMask<Double> m = S.indexInRange(i, to);
        DoubleVector h =
            DoubleVector.fromMemorySegment(S, g, p + d, ORDER, m)
                .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER, m));
        a = a.add(h);
        b = h.fma(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m), b);
      }
      sum += LaneSum.of(a.add(c));
      along += LaneSum.of(b.add(e));
    }
    DoubleVector mean = DoubleVector.broadcast(S, (sum / n));
    DoubleVector slope = DoubleVector.broadcast(S, (-along / n));
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector h =
          DoubleVector.fromMemorySegment(S, g, p + d, ORDER)
              .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER));
      DoubleVector.fromMemorySegment(S, y, q + d, ORDER)
          .fma(slope, h.sub(mean))
          .mul(scale)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector h =
          DoubleVector.fromMemorySegment(S, g, p + d, ORDER, m)
              .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER, m));
      DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m)
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
    for (; j <= n - LANES; j += LANES) {
      long v = j * 8L;
      long d = j * SIZE;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + v, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + v, ORDER);
      DoubleVector f = DoubleVector.fromMemorySegment(D, g, p + d, ORDER);
      a = f.fma(DoubleVector.fromMemorySegment(D, y, q + d, ORDER), a);
      b = b.add(f);
      d += stride;
      f = DoubleVector.fromMemorySegment(D, g, p + d, ORDER);
      a = f.fma(DoubleVector.fromMemorySegment(D, y, q + d, ORDER), a);
      b = b.add(f);
      d += stride;
      f = DoubleVector.fromMemorySegment(D, g, p + d, ORDER);
      a = f.fma(DoubleVector.fromMemorySegment(D, y, q + d, ORDER), a);
      b = b.add(f);
      d += stride;
      f = DoubleVector.fromMemorySegment(D, g, p + d, ORDER);
      a = f.fma(DoubleVector.fromMemorySegment(D, y, q + d, ORDER), a);
      b = b.add(f);
      a.intoMemorySegment(sums, u + v, ORDER);
      b.intoMemorySegment(sums, w + v, ORDER);
    }
    if (j < n) {
      VectorMask<Double> m = D.indexInRange(j, n);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + j * 8L, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + j * 8L, ORDER, m);
      for (int i = 0; i < 4; i++) {
        long d = i * stride + j * SIZE;
        DoubleVector f = DoubleVector.fromMemorySegment(D, g, p + d, ORDER, m);
        a = f.fma(DoubleVector.fromMemorySegment(D, y, q + d, ORDER, m), a);
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
    for (int j = 0; j < n; j += LANES) {
      VectorMask<Double> m = D.indexInRange(j, n);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + j * 8L, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + j * 8L, ORDER, m);
      DoubleVector f = DoubleVector.fromMemorySegment(D, g, p + j * SIZE, ORDER, m);
      f.fma(DoubleVector.fromMemorySegment(D, y, q + j * SIZE, ORDER, m), a)
          .intoMemorySegment(sums, u + j * 8L, ORDER, m);
      b.add(f).intoMemorySegment(sums, w + j * 8L, ORDER, m);
    }
  }
}
