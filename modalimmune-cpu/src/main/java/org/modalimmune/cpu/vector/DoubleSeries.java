package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.cpu.reference.ErrorFunction;
import org.modalimmune.random.NormalTransform;

/**
 * The series of float64 functions, each one pass over a block. Positions are in bytes.
 *
 * <p>No vector is handed to a method of ours: the compiler may refuse to inline it, depending on
 * what it compiled before, and a vector that crosses a call is an object on the heap. Hence one
 * loop per series, polynomials as loops over tables, and more passes rather than longer ones. The
 * loops are masked throughout, which costs little beside a series.
 */
final class DoubleSeries {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final double ROUNDER = 0x1.8p52;

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);
  private static final long ONE_BITS = Double.doubleToRawLongBits(1);
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final double LN2_REST = 0x1.abc9e3b39803fp-56;
  private static final double TWO_54 = 0x1p54;

  /** 1 / (k + 1)! from k = 12 down to 0: the Taylor series of (e^r - 1) / r. */
  private static final double[] EXPM1_RATIO = {
    1.0 / 6227020800.0,
    1.0 / 479001600,
    1.0 / 39916800,
    1.0 / 3628800,
    1.0 / 362880,
    1.0 / 40320,
    1.0 / 5040,
    1.0 / 720,
    1.0 / 120,
    1.0 / 24,
    1.0 / 6,
    0.5,
    1
  };

  /** 2 / k from k = 23 down to 3: the series of 2 (atanh(s) / s - 1) / s^2. */
  private static final double[] ATANH = {
    2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5,
    2.0 / 3
  };

  private static final double[] SCALED = ErrorFunction.scaledCoefficients();

  private DoubleSeries() {}

  /**
   * {@code z = e^x}: x = n ln 2 + r with |r| at most ln(2) / 2; 2^n in two factors, since it may
   * leave the range where e^x does not.
   */
  static void exp(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m).min(710).max(-750);
      DoubleVector whole = x.mul(LOG2_E).add(ROUNDER).sub(ROUNDER);
      DoubleVector rest = whole.fma(DoubleVector.broadcast(D, -LN2), x);
      rest = whole.fma(DoubleVector.broadcast(D, -LN2_REST), rest);
      DoubleVector ratio = DoubleVector.broadcast(D, EXPM1_RATIO[0]);
      for (int k = 1; k < EXPM1_RATIO.length; k++) {
        ratio = ratio.fma(rest, DoubleVector.broadcast(D, EXPM1_RATIO[k]));
      }
      DoubleVector value = rest.fma(ratio, DoubleVector.broadcast(D, 1));
      DoubleVector half = whole.mul(0.5).add(ROUNDER).sub(ROUNDER);
      LongVector first = half.add(ROUNDER).reinterpretAsLongs();
      LongVector second = whole.sub(half).add(ROUNDER).reinterpretAsLongs();
      value
          .mul(first.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles())
          .mul(second.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles())
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /**
   * {@code z = tanh x}: with u = e^(-2 |x|) - 1, which keeps its relative accuracy near 0, it is -u
   * / (u + 2) and the sign of x.
   */
  static void tanh(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector y = x.abs().mul(-2).max(-80);
      DoubleVector whole = y.mul(LOG2_E).add(ROUNDER).sub(ROUNDER);
      DoubleVector rest = whole.fma(DoubleVector.broadcast(D, -LN2), y);
      rest = whole.fma(DoubleVector.broadcast(D, -LN2_REST), rest);
      DoubleVector ratio = DoubleVector.broadcast(D, EXPM1_RATIO[0]);
      for (int k = 1; k < EXPM1_RATIO.length; k++) {
        ratio = ratio.fma(rest, DoubleVector.broadcast(D, EXPM1_RATIO[k]));
      }
      LongVector bits = whole.add(ROUNDER).reinterpretAsLongs();
      DoubleVector power = bits.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles();
      DoubleVector u = power.fma(rest.mul(ratio), power.sub(1));
      LongVector magnitude = u.div(u.add(2)).reinterpretAsLongs().and(Long.MAX_VALUE);
      LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
      magnitude.or(sign).reinterpretAsDoubles().intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /**
   * {@code z = ln x + t} for a small t, which enters before the last rounding: x = 2^e (1 + f) with
   * 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f), atanh to s^23; f - f^2/2 is kept apart from the
   * small terms (the arrangement of the FreeBSD library's logarithm).
   */
  static void logPlus(
      MemorySegment s, long p, MemorySegment t, long at, MemorySegment z, long r, int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      VectorMask<Double> tiny = x.compare(LT, Double.MIN_NORMAL);
      LongVector bits = x.mul(TWO_54, tiny).reinterpretAsLongs();
      LongVector exponent = bits.sub(NormalTransform.SQRT_HALF_BITS).lanewise(ASHR, 52);
      DoubleVector f = bits.sub(exponent.lanewise(LSHL, 52)).reinterpretAsDoubles().sub(1);
      DoubleVector e = exponent.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUNDER);
      e = e.sub(54, tiny);
      DoubleVector q = f.div(f.add(2));
      DoubleVector w = q.mul(q);
      DoubleVector tail = DoubleVector.broadcast(D, ATANH[0]);
      for (int k = 1; k < ATANH.length; k++) {
        tail = tail.fma(w, DoubleVector.broadcast(D, ATANH[k]));
      }
      DoubleVector half = f.mul(f).mul(0.5);
      DoubleVector low = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      low = e.fma(DoubleVector.broadcast(D, NormalTransform.LN2_LOW), low);
      DoubleVector small = q.fma(tail.fma(w, half), low);
      DoubleVector ln =
          e.fma(DoubleVector.broadcast(D, NormalTransform.LN2_HIGH), f.sub(half.sub(small)));
      ln = ln.blend(x, x.compare(EQ, Double.POSITIVE_INFINITY));
      ln = ln.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0));
      ln.blend(Double.NaN, x.compare(LT, 0).or(x.test(IS_NAN)))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = exp(x^2) erfc(x)} for x at least 0. */
  static void erfcx(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      // (x - 4) / (x + 4) without the roundings that hurt most near x = 0
      DoubleVector t = x.add(x).div(x.add(4)).sub(1);
      DoubleVector value = DoubleVector.broadcast(D, SCALED[SCALED.length - 1]);
      for (int k = SCALED.length - 2; k >= 0; k--) {
        value = value.fma(t, DoubleVector.broadcast(D, SCALED[k]));
      }
      value.div(x.add(x).add(1)).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = x (c_0 + c_1 x^2 + c_2 x^4 + ...)}. */
  static void odd(double[] c, MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector w = x.mul(x);
      DoubleVector value = DoubleVector.broadcast(D, c[c.length - 1]);
      for (int k = c.length - 2; k >= 0; k--) {
        value = value.fma(w, DoubleVector.broadcast(D, c[k]));
      }
      x.mul(value).intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
