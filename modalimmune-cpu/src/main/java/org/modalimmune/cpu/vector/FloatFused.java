package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 functions with constants, on dense operands; the constants are rounded to the type first.
 * Positions are in bytes, counts in elements.
 */
final class FloatFused {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  private FloatFused() {}

  static void affine(
      MemorySegment x, long p, double scale, double shift, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    FloatVector factor = FloatVector.broadcast(S, (float) scale);
    FloatVector term = FloatVector.broadcast(S, (float) shift);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .fma(factor, term)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .fma(factor, term)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void clamp(
      MemorySegment x, long p, double low, double high, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    FloatVector least = FloatVector.broadcast(S, (float) low);
    FloatVector most = FloatVector.broadcast(S, (float) high);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .max(least)
          .min(most)
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .max(least)
          .min(most)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void axpy(double alpha, MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    FloatVector factor = FloatVector.broadcast(S, (float) alpha);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .fma(factor, FloatVector.fromMemorySegment(S, z, r + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .fma(factor, FloatVector.fromMemorySegment(S, z, r + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  static void fill(double value, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw NativeSegments.onHeap(z);
    }
    FloatVector constant = FloatVector.broadcast(S, (float) value);
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      constant.intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
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
      FloatVector chosen = FloatVector.fromMemorySegment(S, c, o + d, ORDER);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER);
      b.blend(a, chosen.compare(VectorOperators.NE, 0)).intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector chosen = FloatVector.fromMemorySegment(S, c, o + d, ORDER, m);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER, m);
      b.blend(a, chosen.compare(VectorOperators.NE, 0)).intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
