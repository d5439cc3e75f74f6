package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Logarithms in float32, arranged as {@link FloatSeries}. Positions are in bytes; n is a multiple
 * of the lanes.
 *
 * <p>The argument is 2^e (1 + f) with 1 + f in [3/4, 3/2), and ln(1 + f) = f + f^2 (f P(f) - 1/2).
 * ln 2 rounded to float32 is off by 0.05 u, so that e ln 2 needs no second part.
 */
final class FloatLogarithm {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int THREE_QUARTERS_BITS = Float.floatToRawIntBits(0.75f);
  private static final float TWO_24 = 0x1p24f;
  private static final float LN2 = 0x1.62e430p-1f;

  /** P, highest power first. */
  private static final float[] LOG = {
    0x1.34a0f4p-5f,
    -0x1.756802p-4f,
    0x1.df42c0p-4f,
    -0x1.04aa20p-3f,
    0x1.246092p-3f,
    -0x1.5519bap-3f,
    0x1.999788p-3f,
    -0x1.00006ep-2f,
    0x1.55555ap-2f
  };

  /** log1p(x) / x for x from 0 to 1, highest power first. */
  private static final float[] LOG1P = {
    -0x1.a92c84p-9f,
    0x1.453d86p-6f,
    -0x1.d29deap-5f,
    0x1.b2557ap-4f,
    -0x1.39768cp-3f,
    0x1.92f73ap-3f,
    -0x1.ff0fb6p-3f,
    0x1.554c82p-2f,
    -0x1.ffffbep-2f,
    1
  };

  private FloatLogarithm() {}

  /** {@code z = ln x}; a subnormal x is taken 2^24 times. */
  static void log(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      VectorMask<Float> tiny = v.compare(LT, Float.MIN_NORMAL);
      IntVector bits = v.blend(v.mul(TWO_24), tiny).reinterpretAsInts();
      IntVector exponent = bits.sub(THREE_QUARTERS_BITS).lanewise(ASHR, 23);
      FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1);
      FloatVector e = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
      e = e.blend(e.sub(24), tiny);
      FloatVector series = FloatVector.broadcast(S, LOG[0]);
      for (int k = 1; k < LOG.length; k++) {
        series = series.fma(f, FloatVector.broadcast(S, LOG[k]));
      }
      series = series.fma(f, FloatVector.broadcast(S, -0.5f)).fma(f.mul(f), f);
      FloatVector ln = e.fma(FloatVector.broadcast(S, LN2), series);
      ln = ln.blend(v, v.compare(EQ, Float.POSITIVE_INFINITY));
      ln = ln.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, 0));
      FloatVector.broadcast(S, Float.NaN)
          .blend(ln, v.compare(GE, 0))
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /**
   * {@code z = ln(1 + x)}: e is that of the rounded 1 + x, and f = x 2^-e + (2^-e - 1) is exact
   * while 2^-e - 1 is. 2^-e may be subnormal, hence a quarter of 2^(2-e).
   */
  static void log1p(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      IntVector bits = v.add(1).reinterpretAsInts();
      IntVector exponent = bits.sub(THREE_QUARTERS_BITS).lanewise(ASHR, 23);
      IntVector shift = exponent.lanewise(LSHL, 23);
      FloatVector four =
          FloatVector.broadcast(S, 4).reinterpretAsInts().sub(shift).reinterpretAsFloats();
      FloatVector one = four.fma(0.25f, -1);
      FloatVector f = v.reinterpretAsInts().sub(shift).reinterpretAsFloats().add(one);
      FloatVector e = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
      FloatVector series = FloatVector.broadcast(S, LOG[0]);
      for (int k = 1; k < LOG.length; k++) {
        series = series.fma(f, FloatVector.broadcast(S, LOG[k]));
      }
      series = series.fma(f, FloatVector.broadcast(S, -0.5f)).fma(f.mul(f), f);
      FloatVector ln = e.fma(FloatVector.broadcast(S, LN2), series);
      ln = ln.blend(v, v.compare(EQ, Float.POSITIVE_INFINITY));
      ln = ln.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, -1));
      FloatVector.broadcast(S, Float.NaN)
          .blend(ln, v.compare(GE, -1))
          .intoMemorySegment(z, r + d, ORDER);
    }
  }

  /** {@code z = max(x, 0) + ln(1 + e)} for e = exp(-|x|). */
  static void softplus(
      MemorySegment x, long p, MemorySegment e, long at, MemorySegment z, long r, int n) {
    if (!x.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      FloatVector v = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector t = FloatVector.fromMemorySegment(S, e, at + d, ORDER);
      FloatVector ratio = FloatVector.broadcast(S, LOG1P[0]);
      for (int k = 1; k < LOG1P.length; k++) {
        ratio = ratio.fma(t, FloatVector.broadcast(S, LOG1P[k]));
      }
      t.fma(ratio, v.blend(0, v.compare(LT, 0))).intoMemorySegment(z, r + d, ORDER);
    }
  }
}
