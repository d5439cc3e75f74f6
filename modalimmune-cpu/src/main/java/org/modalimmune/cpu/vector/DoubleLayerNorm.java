package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
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

  /**
   * {@code z = (h - mean h - y mean(h y)) scale} with h = g gain.
   *
   * @param sums room for two float64 numbers at {@code at}
   */
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
      int n,
      MemorySegment sums,
      long at) {
    sums.set(JAVA_DOUBLE, at, 0);
    sums.set(JAVA_DOUBLE, at + 8, 0);
    for (int from = 0; from < n; from += CHUNK) {
      int to = Math.min(n, from + CHUNK);
      int whole = to - (to - from) % (2 * LANES);
      addVectors(g, p, y, q, gain, s, from, whole, sums, at);
      addElements(g, p, y, q, gain, s, whole, to, sums, at);
    }
    double mean = sums.get(JAVA_DOUBLE, at) / n;
    double slope = -sums.get(JAVA_DOUBLE, at + 8) / n;
    project(g, p, y, q, gain, s, mean, slope, scale, z, r, n);
  }

  /**
   * Adds the sums of h and of h y over some vectors to those at {@code at}; left in memory, so that
   * one loop, which is what the first compiler has room for, takes both.
   */
  private static void addVectors(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      int from,
      int to,
      MemorySegment sums,
      long at) {
    if (!g.isNative() || !y.isNative() || !gain.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, gain, sums);
    }
    DoubleVector a = DoubleVector.zero(S);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector e = a;
    for (int i = from; i < to; i += 2 * LANES) {
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
    add(sums, at, LaneSum.of(a.add(c)));
    add(sums, at + 8, LaneSum.of(b.add(e)));
  }

  /** The same over elements that fill no vectors. */
  private static void addElements(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      int from,
      int to,
      MemorySegment sums,
      long at) {
    double sum = 0;
    double along = 0;
    for (int i = from; i < to; i++) {
      long d = i * SIZE;
      double h = g.get(JAVA_DOUBLE, p + d) * gain.get(JAVA_DOUBLE, s + d);
      sum += h;
      along += h * y.get(JAVA_DOUBLE, q + d);
    }
    add(sums, at, sum);
    add(sums, at + 8, along);
  }

  private static void add(MemorySegment sums, long at, double value) {
    sums.set(JAVA_DOUBLE, at, sums.get(JAVA_DOUBLE, at) + value);
  }

  /** {@code z = (g gain - mean + slope y) scale}. */
  private static void project(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      MemorySegment gain,
      long s,
      double mean,
      double slope,
      double scale,
      MemorySegment z,
      long r,
      int n) {
    if (!g.isNative() || !y.isNative() || !gain.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, y, gain, z);
    }
    DoubleVector means = DoubleVector.broadcast(S, mean);
    DoubleVector slopes = DoubleVector.broadcast(S, slope);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector h =
          DoubleVector.fromMemorySegment(S, g, p + d, ORDER)
              .mul(DoubleVector.fromMemorySegment(S, gain, s + d, ORDER));
      DoubleVector.fromMemorySegment(S, y, q + d, ORDER)
          .fma(slopes, h.sub(means))
          .mul(scale)
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      double h = g.get(JAVA_DOUBLE, p + d) * gain.get(JAVA_DOUBLE, s + d);
      z.set(JAVA_DOUBLE, r + d, Math.fma(y.get(JAVA_DOUBLE, q + d), slope, h - mean) * scale);
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
    addLastColumns(g, p, y, q, rows, n, sums, u, w);
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
  }

  private static void addRow(
      MemorySegment g, long p, MemorySegment y, long q, int n, MemorySegment sums, long u, long w) {
    if (!g.isNative() || !y.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, sums);
    }
    for (int j = 0; j <= n - LANES; j += LANES) {
      long v = j * 8L;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + v, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + v, ORDER);
      DoubleVector f = DoubleVector.fromMemorySegment(D, g, p + j * SIZE, ORDER);
      f.fma(DoubleVector.fromMemorySegment(D, y, q + j * SIZE, ORDER), a)
          .intoMemorySegment(sums, u + v, ORDER);
      b.add(f).intoMemorySegment(sums, w + v, ORDER);
    }
  }

  /** The columns that fill no vector. */
  private static void addLastColumns(
      MemorySegment g,
      long p,
      MemorySegment y,
      long q,
      int rows,
      int n,
      MemorySegment sums,
      long u,
      long w) {
    for (int j = n - n % LANES; j < n; j++) {
      double a = sums.get(JAVA_DOUBLE, u + j * 8L);
      double b = sums.get(JAVA_DOUBLE, w + j * 8L);
      for (int i = 0; i < rows; i++) {
        long d = ((long) i * n + j) * SIZE;
        double f = g.get(JAVA_DOUBLE, p + d);
        a = Math.fma(f, y.get(JAVA_DOUBLE, q + d), a);
        b += f;
      }
      sums.set(JAVA_DOUBLE, u + j * 8L, a);
      sums.set(JAVA_DOUBLE, w + j * 8L, b);
    }
  }
}
