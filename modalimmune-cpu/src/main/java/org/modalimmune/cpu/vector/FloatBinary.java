package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.backend.kernel.BinaryOp;

/**
 * Float32 functions of two dense operands. One loop per function: a function chosen inside the loop
 * would keep the compiler from vector instructions. Positions are in bytes, counts in elements.
 */
final class FloatBinary {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  private FloatBinary() {}

  static void apply(
      BinaryOp op,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n) {
    switch (op) {
      case ADD -> add(x, p, y, q, z, r, n);
      case SUBTRACT -> subtract(x, p, y, q, z, r, n);
      case MULTIPLY -> multiply(x, p, y, q, z, r, n);
      case DIVIDE -> divide(x, p, y, q, z, r, n);
      case MAXIMUM -> maximum(x, p, y, q, z, r, n);
      case MINIMUM -> minimum(x, p, y, q, z, r, n);
      case GATE -> gate(x, p, y, q, z, r, n);
      case GREATER -> greater(x, p, y, q, z, r, n);
      case EQUAL -> equal(x, p, y, q, z, r, n);
    }
  }

  private static void add(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .add(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .add(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void subtract(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .sub(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .sub(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void multiply(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .mul(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .mul(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void divide(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .div(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .div(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void maximum(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .max(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .max(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void minimum(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER)
          .min(FloatVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .min(FloatVector.fromMemorySegment(S, y, q + d, ORDER, m))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void gate(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER);
      FloatVector.zero(S)
          .blend(a, b.compare(VectorOperators.GT, 0))
          .blend(b, b.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER, m);
      FloatVector.zero(S)
          .blend(a, b.compare(VectorOperators.GT, 0))
          .blend(b, b.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void greater(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, b))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER, m);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, b))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void equal(
      MemorySegment x, long p, MemorySegment y, long q, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.EQ, b))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector b = FloatVector.fromMemorySegment(S, y, q + d, ORDER, m);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.EQ, b))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
