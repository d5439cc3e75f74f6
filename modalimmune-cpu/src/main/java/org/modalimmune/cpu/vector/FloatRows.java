package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Steps of the normalisations on one row of n float32 elements, where it lies. Positions are in
 * bytes.
 *
 * <p>Exponentials are taken 2^64 times too large: one factor 2^n then reaches all of them, and the
 * last product rounds a subnormal result once. Their sum is one of float32 vectors over {@link
 * #CHUNK} elements and of float64 beyond.
 */
final class FloatRows {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final int HALF = D.length();
  private static final long SIZE = 4;
  private static final int CHUNK = 1024;

  /** The factor of the exponentials. */
  static final double LARGE = 0x1p64;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int LARGE_BITS = Float.floatToRawIntBits((float) LARGE);
  private static final float LOG2_E = 0x1.715476p+0f;
  private static final float MINUS_LN2 = -0x1.62e430p-1f;
  private static final float MINUS_LN2_REST = 0x1.05c610p-29f;

  /** Below its negative e^x is 0 in float32. */
  private static final float EXP_END = 104;

  /** e^r for |r| up to ln(2) / 2, highest power first. */
  private static final float[] EXP = {
    0x1.6a2440p-10f, 0x1.1239e2p-7f, 0x1.5558f2p-5f, 0x1.555492p-3f, 0x1.fffffcp-2f, 1, 1
  };

  private FloatRows() {}

  /** Largest element; a NaN is passed over. */
  static float max(MemorySegment x, long p, int n) {
    FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      FloatVector u = FloatVector.fromMemorySegment(S, x, p + i * SIZE, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + (i + LANES) * SIZE, ORDER);
      a = a.blend(u, u.compare(GT, a));
      b = b.blend(v, v.compare(GT, b));
    }
    for (; i < n; i += LANES) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector u = FloatVector.fromMemorySegment(S, x, p + i * SIZE, ORDER, m);
      a = a.blend(u, u.compare(GT, a).and(m));
    }
    return a.blend(b, b.compare(GT, a)).reduceLanes(MAX);
  }

  /** {@code z = 2^64 exp(x - m)}, and the sum. */
  static double exponentials(MemorySegment x, long p, float m, MemorySegment z, long r, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += CHUNK) {
      sum += storedSum(x, p + i * SIZE, m, z, r + i * SIZE, Math.min(CHUNK, n - i));
    }
    return sum;
  }

  /** Sum of 2^64 exp(x - m). */
  static double sumOfExponentials(MemorySegment x, long p, float m, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += CHUNK) {
      sum += sum(x, p + i * SIZE, m, Math.min(CHUNK, n - i));
    }
    return sum;
  }

  private static float storedSum(MemorySegment x, long p, float m, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    FloatVector sum = FloatVector.zero(S);
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Float> in = S.indexInRange(i, n);
      FloatVector y = FloatVector.fromMemorySegment(S, x, p + i * SIZE, ORDER, in).sub(m);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, MINUS_LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, MINUS_LN2_REST), rest);
      FloatVector e = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        e = e.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector power = shifted.reinterpretAsInts().lanewise(LSHL, 23);
      e = e.mul(power.add(LARGE_BITS).reinterpretAsFloats());
      e.intoMemorySegment(z, r + i * SIZE, ORDER, in);
      sum = sum.blend(sum.add(e), in);
    }
    return LaneSum.of(sum);
  }

  private static float sum(MemorySegment x, long p, float m, int n) {
    FloatVector sum = FloatVector.zero(S);
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Float> in = S.indexInRange(i, n);
      FloatVector y = FloatVector.fromMemorySegment(S, x, p + i * SIZE, ORDER, in).sub(m);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, MINUS_LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, MINUS_LN2_REST), rest);
      FloatVector e = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        e = e.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector power = shifted.reinterpretAsInts().lanewise(LSHL, 23);
      e = e.mul(power.add(LARGE_BITS).reinterpretAsFloats());
      sum = sum.blend(sum.add(e), in);
    }
    return LaneSum.of(sum);
  }

  /** {@code z = factor z}. */
  static void scale(MemorySegment z, long r, float factor, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z, z);
    }
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long at = r + i * SIZE;
      FloatVector.fromMemorySegment(S, z, at, ORDER).mul(factor).intoMemorySegment(z, at, ORDER);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      long at = r + i * SIZE;
      FloatVector.fromMemorySegment(S, z, at, ORDER, m)
          .mul(factor)
          .intoMemorySegment(z, at, ORDER, m);
    }
  }

  /** {@code z = (x - m) - log}. */
  static void subtract(
      MemorySegment x, long p, float m, float log, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Float> in = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + i * SIZE, ORDER, in)
          .sub(m)
          .sub(log)
          .intoMemorySegment(z, r + i * SIZE, ORDER, in);
    }
  }

  /** Sum of (x - mean)^2, in float64. */
  static double squares(MemorySegment x, long p, double mean, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    int i = 0;
    for (; i <= n - 2 * HALF; i += 2 * HALF) {
      long at = p + i * SIZE;
      DoubleVector u =
          ((DoubleVector) FloatVector.fromMemorySegment(F, x, at, ORDER).convertShape(F2D, D, 0))
              .sub(mean);
      DoubleVector v =
          ((DoubleVector)
                  FloatVector.fromMemorySegment(F, x, at + HALF * SIZE, ORDER)
                      .convertShape(F2D, D, 0))
              .sub(mean);
      a = u.fma(u, a);
      b = v.fma(v, b);
    }
    for (; i < n; i += HALF) {
      VectorMask<Float> m = F.indexInRange(i, n);
      DoubleVector u =
          ((DoubleVector)
                  FloatVector.fromMemorySegment(F, x, p + i * SIZE, ORDER, m)
                      .convertShape(F2D, D, 0))
              .sub(mean);
      a = a.blend(u.fma(u, a), D.indexInRange(i, n));
    }
    return LaneSum.of(a.add(b));
  }

  /** {@code z = (x - mean) scale}, in float64 and rounded once. */
  static void standardize(
      MemorySegment x, long p, double mean, double scale, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    int i = 0;
    for (; i <= n - HALF; i += HALF) {
      ((DoubleVector)
              FloatVector.fromMemorySegment(F, x, p + i * SIZE, ORDER).convertShape(F2D, D, 0))
          .sub(mean)
          .mul(scale)
          .convertShape(D2F, F, 0)
          .intoMemorySegment(z, r + i * SIZE, ORDER);
    }
    if (i < n) {
      VectorMask<Float> m = F.indexInRange(i, n);
      ((DoubleVector)
              FloatVector.fromMemorySegment(F, x, p + i * SIZE, ORDER, m).convertShape(F2D, D, 0))
          .sub(mean)
          .mul(scale)
          .convertShape(D2F, F, 0)
          .intoMemorySegment(z, r + i * SIZE, ORDER, m);
    }
  }
}
