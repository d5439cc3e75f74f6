package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.backend.kernel.BinaryOp;

/**
 * Float64 functions of two dense operands. One loop per function: a function chosen inside the loop
 * would keep the compiler from vector instructions. Positions are in bytes, counts in elements.
 */
final class DoubleBinary {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  private DoubleBinary() {}

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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .add(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .add(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .sub(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .sub(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .mul(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .mul(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .div(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .div(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .max(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .max(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER)
          .min(DoubleVector.fromMemorySegment(S, y, q + d, ORDER))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .min(DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m))
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
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER);
      DoubleVector.zero(S)
          .blend(a, b.compare(VectorOperators.GT, 0))
          .blend(b, b.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m);
      DoubleVector.zero(S)
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
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER);
      DoubleVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, b))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m);
      DoubleVector.zero(S)
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
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER);
      DoubleVector.zero(S)
          .blend(1, a.compare(VectorOperators.EQ, b))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector a = DoubleVector.fromMemorySegment(S, x, p + d, ORDER, m);
      DoubleVector b = DoubleVector.fromMemorySegment(S, y, q + d, ORDER, m);
      DoubleVector.zero(S)
          .blend(1, a.compare(VectorOperators.EQ, b))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
