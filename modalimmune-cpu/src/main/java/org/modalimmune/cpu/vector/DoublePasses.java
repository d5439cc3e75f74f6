package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The short passes before and after the series of {@link DoubleSeries}. Positions are in bytes. */
final class DoublePasses {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  /** Beyond it every Gaussian tail is 0 in float64. */
  private static final double TAIL_END = 40;

  private static final double INVERSE_SQRT_TWO_PI = 0x1.9884533d43651p-2;

  private DoublePasses() {}

  /** {@code z = -|x|}. */
  static void minusMagnitude(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      x.abs().neg().intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = min(|x|, 40) factor}. */
  static void boundedMagnitude(
      double factor, MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      x.abs().min(TAIL_END).mul(factor).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = -scale a^2}, rounded, with {@code a = min(|x|, 40)}. */
  static void minusSquare(double scale, MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector a = x.abs().min(TAIL_END);
      a.mul(a).mul(-scale).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = e (1 - scale (a^2 - rounded a^2))}: the exponential of the exact square. */
  static void correctSquare(
      double scale,
      MemorySegment s,
      long p,
      MemorySegment t,
      long at,
      MemorySegment z,
      long r,
      int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector a = x.abs().min(TAIL_END);
      DoubleVector rest = a.fma(a, a.mul(a).neg()).mul(-scale);
      rest.fma(e, e).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = 1 + x}. */
  static void onePlus(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      x.add(1).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** {@code z = } what the rounding of 1 + x lost, relative to 1 + x. */
  static void onePlusLoss(MemorySegment s, long p, MemorySegment z, long r, int n) {
    if (!s.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector u = x.add(1);
      x.sub(u.sub(1)).div(u).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** 1 / (1 + e), or e / (1 + e) for x below 0, with e = exp(-|x|). */
  static void sigmoid(
      MemorySegment s, long p, MemorySegment t, long at, MemorySegment z, long r, int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector.broadcast(D, 1)
          .blend(e, x.compare(LT, 0))
          .div(e.add(1))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** max(x, 0) + e with e = ln(1 + exp(-|x|)). */
  static void softplus(
      MemorySegment s, long p, MemorySegment t, long at, MemorySegment z, long r, int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      x.max(0).add(e).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** The central value, or outside (-1, 1) 1 - exp(-x^2) erfcx(|x|) with the sign of x. */
  static void erf(
      MemorySegment s,
      long p,
      MemorySegment t,
      long at,
      long second,
      long central,
      MemorySegment z,
      long r,
      int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector scaled = DoubleVector.fromMemorySegment(D, t, second + d, ORDER, m);
      DoubleVector inner = DoubleVector.fromMemorySegment(D, t, central + d, ORDER, m);
      DoubleVector outer = DoubleVector.broadcast(D, 1).sub(e.mul(scaled));
      LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
      LongVector signed = outer.reinterpretAsLongs().or(sign);
      signed
          .reinterpretAsDoubles()
          .blend(inner, x.abs().compare(LT, 1))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /**
   * 1/2 and the central value, or outside (-1, 1) the tail exp(-x^2/2) erfcx(|x| / sqrt 2) / 2, or
   * 1 less it for x above 0.
   */
  static void normalCdf(
      MemorySegment s,
      long p,
      MemorySegment t,
      long at,
      long second,
      long central,
      MemorySegment z,
      long r,
      int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector scaled = DoubleVector.fromMemorySegment(D, t, second + d, ORDER, m);
      DoubleVector tail = e.mul(0.5).mul(scaled);
      DoubleVector inner = DoubleVector.fromMemorySegment(D, t, central + d, ORDER, m).add(0.5);
      DoubleVector cdf =
          tail.blend(DoubleVector.broadcast(D, 1).sub(tail), x.compare(GT, 0))
              .blend(inner, x.abs().compare(LT, 1));
      cdf.intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** x Phi(x); x is bounded below, where Phi is 0. */
  static void gelu(
      MemorySegment s,
      long p,
      MemorySegment t,
      long at,
      long second,
      long central,
      MemorySegment z,
      long r,
      int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector scaled = DoubleVector.fromMemorySegment(D, t, second + d, ORDER, m);
      DoubleVector tail = e.mul(0.5).mul(scaled);
      DoubleVector inner = DoubleVector.fromMemorySegment(D, t, central + d, ORDER, m).add(0.5);
      DoubleVector cdf =
          tail.blend(DoubleVector.broadcast(D, 1).sub(tail), x.compare(GT, 0))
              .blend(inner, x.abs().compare(LT, 1));
      x.max(-TAIL_END).mul(cdf).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  /** Phi(x) + x phi(x); x is bounded where phi is 0. */
  static void geluDerivative(
      MemorySegment s,
      long p,
      MemorySegment t,
      long at,
      long second,
      long central,
      MemorySegment z,
      long r,
      int n) {
    if (!s.isNative() || !t.isNative() || !z.isNative()) {
      throw NativeSegments.onHeap(s, t, z);
    }
    for (int i = 0; i < n; i += LANES) {
      long d = i * 8L;
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromMemorySegment(D, s, p + d, ORDER, m);
      DoubleVector e = DoubleVector.fromMemorySegment(D, t, at + d, ORDER, m);
      DoubleVector scaled = DoubleVector.fromMemorySegment(D, t, second + d, ORDER, m);
      DoubleVector tail = e.mul(0.5).mul(scaled);
      DoubleVector inner = DoubleVector.fromMemorySegment(D, t, central + d, ORDER, m).add(0.5);
      DoubleVector cdf =
          tail.blend(DoubleVector.broadcast(D, 1).sub(tail), x.compare(GT, 0))
              .blend(inner, x.abs().compare(LT, 1));
      DoubleVector bounded = x.min(TAIL_END).max(-TAIL_END);
      bounded.mul(e.mul(INVERSE_SQRT_TWO_PI)).add(cdf).intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
