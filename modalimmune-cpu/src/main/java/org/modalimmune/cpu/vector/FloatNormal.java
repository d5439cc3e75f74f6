package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The normal distribution's family in float32, arranged as {@link FloatSeries}. Positions are in
 * bytes; n is a multiple of the lanes.
 *
 * <p>With a = |x|, the tail Phi(-a) is exp(-a^2/2) R(a/(a + 4)), R a polynomial. The exponential is
 * taken 2^64 times too large, so that one factor 2^n reaches all of it, and the last operation,
 * which takes that away, rounds a subnormal result once. Rounding a^2 shifts the exponent by up to
 * u a^2/2, and ln 2 as one number by 0.05 u a^2/2 more, which only the bounds of Phi and GELU leave
 * room for.
 */
final class FloatNormal {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final float MINUS_HALF_LOG2_E = -0x1.715476p-1f;
  private static final float LOG2_E = 0x1.715476p+0f;
  private static final float MINUS_LN2 = -0x1.62e430p-1f;
  private static final float MINUS_LN2_REST = 0x1.05c610p-29f;

  /** Exponent bits of 2^64, and of 1. */
  private static final int LARGE_BITS = Float.floatToRawIntBits(0x1p64f);

  private static final int ONE_BITS = Float.floatToRawIntBits(1);
  private static final float SMALL = 0x1p-64f;

  /** Beyond it every Gaussian tail is 0 in float32. */
  private static final float TAIL_END = 15;

  private static final float INVERSE_SQRT_TWO_PI = 0x1.988454p-2f;

  /** Beyond it erf is 1 in float32. */
  private static final float ERF_END = 3.93f;

  /** e^r for |r| up to ln(2) / 2, highest power first. */
  private static final float[] EXP = {
    0x1.6a2440p-10f, 0x1.1239e2p-7f, 0x1.5558f2p-5f, 0x1.555492p-3f, 0x1.fffffcp-2f, 1, 1
  };

  /** 2^f for |f| up to 1/2, highest power first. */
  private static final float[] EXP2 = {
    0x1.5bb9e2p-10f, 0x1.3cea92p-7f, 0x1.c6b756p-5f, 0x1.ebf9bcp-3f, 0x1.62e42ap-1f, 1
  };

  /** exp(a^2/2) Phi(-a) in a / (a + 4) for a up to 15, highest power first. */
  private static final float[] TAIL = {
    0x1.8c083p-4f,
    -0x1.3dd656p-2f,
    0x1.31f70cp-3f,
    0x1.b8fd74p-1f,
    -0x1.0d775ap+1f,
    0x1.33bb6ap+1f,
    -0x1.988442p+0f,
    0.5f
  };

  /** erf(x) / x in x^2 for |x| up to 1, highest power first. */
  private static final float[] ERF = {
    0x1.496a12p-14f,
    -0x1.a3f71ep-11f,
    0x1.5405bep-8f,
    -0x1.b7f910p-6f,
    0x1.ce2cf8p-4f,
    -0x1.81273ep-2f,
    0x1.20dd74p+0f
  };

  /** ln erfc(x) for x from 1 to {@link #ERF_END}, highest power first. */
  private static final float[] LOG_ERFC = {
    0x1.86dcf4p-13f,
    -0x1.825aa0p-9f,
    0x1.65cb4ap-6f,
    -0x1.a6532cp-4f,
    -0x1.46baeep-1f,
    -0x1.2088eap+0f,
    -0x1.6620bcp-12f
  };

  private FloatNormal() {}

  /** {@code z = phi(x) = exp(-x^2/2) / sqrt(2 pi)}. */
  static void density(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER).abs();
      a = a.blend(TAIL_END, a.compare(GT, TAIL_END));
      FloatVector y = a.mul(a).mul(-0.5f);
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
      e.mul(INVERSE_SQRT_TWO_PI * SMALL).intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = x Phi(x)}: max(x, 0) less a Phi(-a). */
  static void gelu(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector a = v.abs();
      a = a.blend(TAIL_END, a.compare(GT, TAIL_END));
      FloatVector y = a.mul(a).mul(MINUS_HALF_LOG2_E);
      FloatVector shifted = y.add(ROUNDER);
      FloatVector rest = y.sub(shifted.sub(ROUNDER));
      FloatVector e = FloatVector.broadcast(S, EXP2[0]);
      for (int k = 1; k < EXP2.length; k++) {
        e = e.fma(rest, FloatVector.broadcast(S, EXP2[k]));
      }
      IntVector power = shifted.reinterpretAsInts().lanewise(LSHL, 23);
      e = e.mul(power.add(LARGE_BITS).reinterpretAsFloats());
      FloatVector q = a.div(a.add(4));
      FloatVector tail = FloatVector.broadcast(S, TAIL[0]);
      for (int k = 1; k < TAIL.length; k++) {
        tail = tail.fma(q, FloatVector.broadcast(S, TAIL[k]));
      }
      FloatVector kept = v.blend(0, v.compare(LT, 0));
      e.mul(tail)
          .mul(a)
          .fma(FloatVector.broadcast(S, -SMALL), kept)
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = Phi(x)}. */
  static void distribution(MemorySegment x, long p, MemorySegment z, long r, int n) {
    above(0, x, p, z, r, n);
  }

  /** {@code z = Phi(x) + x phi(x)}. */
  static void geluDerivative(MemorySegment x, long p, MemorySegment z, long r, int n) {
    above(-INVERSE_SQRT_TWO_PI, x, p, z, r, n);
  }

  /**
   * {@code z = g} for x below 0 and {@code 1 - g} elsewhere, with {@code g = Phi(-a) + slope a
   * exp(-a^2/2)}.
   */
  private static void above(float slope, MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector a = v.abs();
      a = a.blend(TAIL_END, a.compare(GT, TAIL_END));
      FloatVector y = a.mul(a).mul(-0.5f);
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
      FloatVector q = a.div(a.add(4));
      FloatVector tail = FloatVector.broadcast(S, TAIL[0]);
      for (int k = 1; k < TAIL.length; k++) {
        tail = tail.fma(q, FloatVector.broadcast(S, TAIL[k]));
      }
      FloatVector g = a.fma(FloatVector.broadcast(S, slope), tail).mul(e);
      VectorMask<Float> below = v.compare(LT, 0);
      FloatVector factor = FloatVector.broadcast(S, -SMALL).blend(SMALL, below);
      FloatVector limit = FloatVector.broadcast(S, 1).blend(0, below);
      g.fma(factor, limit).intoMemorySegment(z, r + d, ORDER);
    }
  }

  /**
   * {@code z = x Phi(x)} and {@code w = Phi(x) + x phi(x)}: one exponential and one tail for both.
   */
  static void geluWithDerivative(
      MemorySegment x, long p, MemorySegment w, long s, MemorySegment z, long r, int n) {
    if (!x.isNative() || !w.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, w, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector a = v.abs();
      a = a.blend(TAIL_END, a.compare(GT, TAIL_END));
      FloatVector y = a.mul(a).mul(-0.5f);
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
      FloatVector q = a.div(a.add(4));
      FloatVector tail = FloatVector.broadcast(S, TAIL[0]);
      for (int k = 1; k < TAIL.length; k++) {
        tail = tail.fma(q, FloatVector.broadcast(S, TAIL[k]));
      }
      VectorMask<Float> below = v.compare(LT, 0);
      e.mul(tail)
          .mul(a)
          .fma(FloatVector.broadcast(S, -SMALL), v.blend(0, below))
          .intoMemorySegment(z, r + d, ORDER);
      FloatVector g = a.fma(FloatVector.broadcast(S, -INVERSE_SQRT_TWO_PI), tail).mul(e);
      FloatVector factor = FloatVector.broadcast(S, -SMALL).blend(SMALL, below);
      FloatVector limit = FloatVector.broadcast(S, 1).blend(0, below);
      g.fma(factor, limit).intoMemorySegment(w, s + d, ORDER);
    }
  }

  /** {@code z = erf(x)}: x times a polynomial up to 1, 1 less the exponential of one beyond. */
  static void erf(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector a = v.abs();
      a = a.blend(ERF_END, a.compare(GT, ERF_END));
      FloatVector y = FloatVector.broadcast(S, LOG_ERFC[0]);
      for (int k = 1; k < LOG_ERFC.length; k++) {
        y = y.fma(a, FloatVector.broadcast(S, LOG_ERFC[k]));
      }
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector rest = shifted.sub(ROUNDER).fma(FloatVector.broadcast(S, MINUS_LN2), y);
      FloatVector e = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        e = e.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      e = e.mul(shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats());
      FloatVector w = a.mul(a);
      FloatVector inner = FloatVector.broadcast(S, ERF[0]);
      for (int k = 1; k < ERF.length; k++) {
        inner = inner.fma(w, FloatVector.broadcast(S, ERF[k]));
      }
      FloatVector magnitude =
          FloatVector.broadcast(S, 1).sub(e).blend(inner.mul(a), a.compare(LT, 1));
      IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
      magnitude
          .reinterpretAsInts()
          .or(sign)
          .reinterpretAsFloats()
          .intoMemorySegment(z, r + d, ORDER);
    }
  }
}
