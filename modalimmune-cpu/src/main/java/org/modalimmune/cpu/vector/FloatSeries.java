package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential family of float32 in registers of its own type: one load, one store for an
 * element. Positions are in bytes; n is a multiple of {@link #LANES}.
 *
 * <p>Each loop holds its own exponential, since no vector is handed to a method (see {@link
 * DoubleSeries}): x = n ln 2 + r with |r| at most ln(2) / 2, a polynomial in r, and 2^n in two
 * factors, so that a subnormal result is rounded once and a large one overflows. Bounds are blends,
 * which keep NaN. Only operations that IEEE 754 rounds correctly are used: every width gives the
 * same bits.
 */
final class FloatSeries {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;

  /** Lanes of a vector. */
  static final int LANES = S.length();

  private static final long SIZE = 4;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int ONE_BITS = Float.floatToRawIntBits(1);
  private static final float LOG2_E = 0x1.715476p+0f;
  private static final float LN2 = 0x1.62e4p-1f;
  private static final float LN2_REST = 0x1.7f7d1cp-20f;

  /** Beyond it e^x overflows, below its negative e^x is 0, in float32. */
  private static final float EXP_END = 104;

  /** Beyond it every Gaussian tail is 0 in float32. */
  private static final float TAIL_END = 40;

  private static final float INVERSE_SQRT_TWO_PI = 0x1.988454p-2f;

  /** (e^r - 1 - r) / r^2, highest power first. */
  private static final float[] EXP = {
    0x1.6d431ap-10f, 0x1.120b66p-7f, 0x1.5554eap-5f, 0x1.5554dcp-3f, 0.5f
  };

  /** (Phi(x) - 1/2) / x in x^2 for |x| below 1, highest power first. */
  private static final float[] CENTRAL = {
    0x1.2080b0p-21f,
    -0x1.373570p-17f,
    0x1.e3b120p-14f,
    -0x1.373d9cp-10f,
    0x1.46d034p-7f,
    -0x1.105838p-4f,
    0x1.988454p-2f
  };

  /**
   * (1 + 3a/2) exp(a^2/2) Phi(-a) in (a - 4) / (a + 4) for a from 1, highest power first (the form
   * of Shepherd and Laframboise, Math. Comp. 36, 1981).
   */
  private static final float[] TAIL = {
    -0x1.8fe18ap-13f,
    0x1.0d48f6p-10f,
    -0x1.60dbd4p-11f,
    -0x1.fa7998p-8f,
    0x1.fdfdd2p-6f,
    -0x1.050c38p-4f,
    0x1.429676p-4f,
    -0x1.516dcap-5f,
    -0x1.ea5808p-5f,
    0x1.525e24p-1f
  };

  private FloatSeries() {}

  /** {@code z = e^x}. */
  static void exp(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector y = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END)).blend(EXP_END, y.compare(GT, EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      IntVector half = bits.sub(ROUNDER_BITS).lanewise(ASHR, 1);
      IntVector other = bits.sub(half);
      ratio
          .fma(rest.mul(rest), rest)
          .add(1)
          .mul(half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
          .mul(other.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = 1 / (1 + e)}, or {@code e / (1 + e)} for x below 0, with e = exp(-|x|). */
  static void sigmoid(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector y = v.abs().neg();
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      IntVector half = bits.sub(ROUNDER_BITS).lanewise(ASHR, 1);
      IntVector other = bits.sub(half);
      FloatVector e =
          ratio
              .fma(rest.mul(rest), rest)
              .add(1)
              .mul(half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
              .mul(other.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats());
      FloatVector.broadcast(S, 1)
          .blend(e, v.compare(LT, 0))
          .div(e.add(1))
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /**
   * {@code z = tanh x}: with u = e^(-2 |x|) - 1, which keeps its relative accuracy near 0, it is -u
   * / (u + 2) and the sign of x.
   */
  static void tanh(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector y = v.abs().mul(-2);
      y = y.blend(-TAIL_END, y.compare(LT, -TAIL_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      FloatVector power = bits.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector u = power.fma(ratio.fma(rest.mul(rest), rest), power.sub(1));
      IntVector magnitude = u.div(u.add(2)).reinterpretAsInts().and(Integer.MAX_VALUE);
      IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
      magnitude.or(sign).reinterpretAsFloats().intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = phi(x) = exp(-x^2/2) / sqrt(2 pi)}. */
  static void density(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector y = v.mul(v).mul(-0.5f);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      IntVector half = bits.sub(ROUNDER_BITS).lanewise(ASHR, 1);
      IntVector other = bits.sub(half);
      ratio
          .fma(rest.mul(rest), rest)
          .add(1)
          .mul(half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
          .mul(other.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
          .mul(INVERSE_SQRT_TWO_PI)
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = Phi(x)}. */
  static void distribution(MemorySegment x, long p, MemorySegment z, long r, int n) {
    normal(TAIL_END, 1, 0, 0, x, p, z, r, n);
  }

  /** {@code z = x Phi(x)}. */
  static void gelu(MemorySegment x, long p, MemorySegment z, long r, int n) {
    normal(Float.POSITIVE_INFINITY, 0, 1, 0, x, p, z, r, n);
  }

  /** {@code z = Phi(x) + x phi(x)}. */
  static void geluDerivative(MemorySegment x, long p, MemorySegment z, long r, int n) {
    normal(TAIL_END, 1, 0, INVERSE_SQRT_TWO_PI, x, p, z, r, n);
  }

  /**
   * {@code z = Phi(x) (constant + slope x) + density x exp(-x^2/2)}, x bounded by -40 and {@code
   * high}. Constant and slope are 0 and 1 or 1 and 0, so that the factor is exact: three functions
   * are one loop for the compiler.
   *
   * <p>For a = |x| below 1, Phi is 1/2 and an odd polynomial; beyond, the tail is exp(-a^2/2) times
   * the scaled one, which is a polynomial in (a - 4) / (a + 4) divided by 1 + 3a/2. The tolerance
   * grows with a^2 faster than the rounding of the square hurts.
   */
  private static void normal(
      float high,
      float constant,
      float slope,
      float density,
      MemorySegment x,
      long p,
      MemorySegment z,
      long r,
      int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      v = v.blend(-TAIL_END, v.compare(LT, -TAIL_END)).blend(high, v.compare(GT, high));
      FloatVector bounded = v.blend(TAIL_END, v.compare(GT, TAIL_END));
      FloatVector a = bounded.abs();
      FloatVector square = a.mul(a);

      FloatVector y = square.mul(-0.5f);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      IntVector half = bits.sub(ROUNDER_BITS).lanewise(ASHR, 1);
      IntVector other = bits.sub(half);
      FloatVector e =
          ratio
              .fma(rest.mul(rest), rest)
              .add(1)
              .mul(half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
              .mul(other.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats());

      FloatVector t = a.add(a).div(a.add(4)).sub(1);
      FloatVector scaled = FloatVector.broadcast(S, TAIL[0]);
      for (int k = 1; k < TAIL.length; k++) {
        scaled = scaled.fma(t, FloatVector.broadcast(S, TAIL[k]));
      }
      FloatVector tail = e.mul(scaled.div(a.fma(1.5f, 1)));
      FloatVector inner = FloatVector.broadcast(S, CENTRAL[0]);
      for (int k = 1; k < CENTRAL.length; k++) {
        inner = inner.fma(square, FloatVector.broadcast(S, CENTRAL[k]));
      }
      inner = inner.fma(bounded, FloatVector.broadcast(S, 0.5f));
      FloatVector cdf =
          tail.blend(FloatVector.broadcast(S, 1).sub(tail), v.compare(GT, 0))
              .blend(inner, a.compare(LT, 1));
      cdf.fma(v.fma(slope, constant), bounded.mul(e.mul(density)))
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /**
   * {@code z = x Phi(x)} and {@code w = Phi(x) + x phi(x)}, by the operations of {@link #normal}.
   */
  static void geluWithDerivative(
      MemorySegment x, long p, MemorySegment w, long q, MemorySegment z, long r, int n) {
    if (!z.isNative() || !w.isNative()) {
      throw OffHeap.refusal(z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      v = v.blend(-TAIL_END, v.compare(LT, -TAIL_END));
      FloatVector bounded = v.blend(TAIL_END, v.compare(GT, TAIL_END));
      FloatVector a = bounded.abs();
      FloatVector square = a.mul(a);

      FloatVector y = square.mul(-0.5f);
      y = y.blend(-EXP_END, y.compare(LT, -EXP_END));
      FloatVector shifted = y.fma(LOG2_E, ROUNDER);
      FloatVector whole = shifted.sub(ROUNDER);
      FloatVector rest = whole.fma(FloatVector.broadcast(S, -LN2), y);
      rest = whole.fma(FloatVector.broadcast(S, -LN2_REST), rest);
      FloatVector ratio = FloatVector.broadcast(S, EXP[0]);
      for (int k = 1; k < EXP.length; k++) {
        ratio = ratio.fma(rest, FloatVector.broadcast(S, EXP[k]));
      }
      IntVector bits = shifted.reinterpretAsInts();
      IntVector half = bits.sub(ROUNDER_BITS).lanewise(ASHR, 1);
      IntVector other = bits.sub(half);
      FloatVector e =
          ratio
              .fma(rest.mul(rest), rest)
              .add(1)
              .mul(half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats())
              .mul(other.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats());

      FloatVector t = a.add(a).div(a.add(4)).sub(1);
      FloatVector scaled = FloatVector.broadcast(S, TAIL[0]);
      for (int k = 1; k < TAIL.length; k++) {
        scaled = scaled.fma(t, FloatVector.broadcast(S, TAIL[k]));
      }
      FloatVector tail = e.mul(scaled.div(a.fma(1.5f, 1)));
      FloatVector inner = FloatVector.broadcast(S, CENTRAL[0]);
      for (int k = 1; k < CENTRAL.length; k++) {
        inner = inner.fma(square, FloatVector.broadcast(S, CENTRAL[k]));
      }
      inner = inner.fma(bounded, FloatVector.broadcast(S, 0.5f));
      FloatVector cdf =
          tail.blend(FloatVector.broadcast(S, 1).sub(tail), v.compare(GT, 0))
              .blend(inner, a.compare(LT, 1));
      cdf.mul(v).intoMemorySegment(z, r + d, ORDER);
      cdf.add(bounded.mul(e.mul(INVERSE_SQRT_TWO_PI))).intoMemorySegment(w, q + d, ORDER);
    }
  }
}
