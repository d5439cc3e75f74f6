package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 functions with constants, on dense operands; the constants are rounded to the type first.
 * Positions are in bytes, counts in elements.
 */
final class DoubleFused {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  private DoubleFused() {}

  static void affine(
      MemorySegment x, long p, double scale, double shift, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    DoubleVector factor = DoubleVector.broadcast(S, scale);
    DoubleVector term = DoubleVector.broadcast(S, shift);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .fma(factor, term)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .fma(factor, term)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void clamp(
      MemorySegment x, long p, double low, double high, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    DoubleVector least = DoubleVector.broadcast(S, low);
    DoubleVector most = DoubleVector.broadcast(S, high);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .max(least)
          .min(most)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .max(least)
          .min(most)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void axpy(double alpha, MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    DoubleVector factor = DoubleVector.broadcast(S, alpha);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .fma(factor, DoubleVector.fromMemorySegment(S, z, r + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .fma(factor, DoubleVector.fromMemorySegment(S, z, r + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void fill(double value, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    DoubleVector constant = DoubleVector.broadcast(S, value);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      constant.intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      constant.intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void select(
      MemorySegment c,
      long o,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      DoubleVector chosen = DoubleVector.fromMemorySegment(S, c, o + d, ORDER);
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER);
      b.blend(a, chosen.compare(VectorOperators.NE, 0)).intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector chosen = DoubleVector.fromMemorySegment(S, c, o + d, ORDER, m);
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m);
      b.blend(a, chosen.compare(VectorOperators.NE, 0)).intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
