package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
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
      float scale,
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
    project(g, p, y, q, gain, s, (float) mean, (float) slope, scale, z, r, n);
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
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector e = a;
    for (int i = from; i < to; i += 2 * LANES) {
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
      float h = g.get(JAVA_FLOAT, p + d) * gain.get(JAVA_FLOAT, s + d);
      sum += h;
      along += (double) h * y.get(JAVA_FLOAT, q + d);
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
      float mean,
      float slope,
      float scale,
      MemorySegment z,
      long r,
      int n) {
    if (!g.isNative() || !y.isNative() || !gain.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(g, y, gain, z);
    }
    FloatVector means = FloatVector.broadcast(S, mean);
    FloatVector slopes = FloatVector.broadcast(S, slope);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector h =
          FloatVector.fromMemorySegment(S, g, p + d, ORDER)
              .mul(FloatVector.fromMemorySegment(S, gain, s + d, ORDER));
      FloatVector.fromMemorySegment(S, y, q + d, ORDER)
          .fma(slopes, h.sub(means))
          .mul(scale)
          .intoMemorySegment(z, r + d, ORDER);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      float h = g.get(JAVA_FLOAT, p + d) * gain.get(JAVA_FLOAT, s + d);
      z.set(JAVA_FLOAT, r + d, Math.fma(y.get(JAVA_FLOAT, q + d), slope, h - mean) * scale);
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
  }

  private static void addRow(
      MemorySegment g, long p, MemorySegment y, long q, int n, MemorySegment sums, long u, long w) {
    if (!g.isNative() || !y.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(g, y, sums);
    }
    for (int j = 0; j <= n - WIDE; j += WIDE) {
      long v = j * 8L;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, u + v, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(D, sums, w + v, ORDER);
      DoubleVector f = wide(FloatVector.fromMemorySegment(F, g, p + j * SIZE, ORDER));
      f.fma(wide(FloatVector.fromMemorySegment(F, y, q + j * SIZE, ORDER)), a)
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
    for (int j = n - n % WIDE; j < n; j++) {
      double a = sums.get(JAVA_DOUBLE, u + j * 8L);
      double b = sums.get(JAVA_DOUBLE, w + j * 8L);
      for (int i = 0; i < rows; i++) {
        long d = ((long) i * n + j) * SIZE;
        double f = g.get(JAVA_FLOAT, p + d);
        a = Math.fma(f, y.get(JAVA_FLOAT, q + d), a);
        b += f;
      }
      sums.set(JAVA_DOUBLE, u + j * 8L, a);
      sums.set(JAVA_DOUBLE, w + j * 8L, b);
    }
  }

  private static DoubleVector wide(FloatVector v) {
    return (DoubleVector) v.convertShape(F2D, D, 0);
  }
}
