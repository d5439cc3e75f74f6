package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * Float32 functions of one dense operand that take one or two instructions. Positions are in bytes,
 * counts in elements.
 */
final class FloatUnary {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  private FloatUnary() {}

  /** Applies {@code op}; false if it is not one of the simple functions. */
  static boolean apply(UnaryOp op, MemorySegment x, long p, MemorySegment z, long r, int n) {
    switch (op) {
      case NEGATE -> negate(x, p, z, r, n);
      case ABS -> abs(x, p, z, r, n);
      case SIGN -> sign(x, p, z, r, n);
      case STEP -> step(x, p, z, r, n);
      case SQRT -> sqrt(x, p, z, r, n);
      case RECIPROCAL -> reciprocal(x, p, z, r, n);
      case SQUARE -> square(x, p, z, r, n);
      case RELU -> relu(x, p, z, r, n);
      case IS_FINITE -> isFinite(x, p, z, r, n);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void negate(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER).neg().intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .neg()
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void abs(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER).abs().intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .abs()
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void sign(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, 0))
          .blend(-1, a.compare(VectorOperators.LT, 0))
          .blend(a, a.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, 0))
          .blend(-1, a.compare(VectorOperators.LT, 0))
          .blend(a, a.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void step(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, 0))
          .blend(a, a.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector.zero(S)
          .blend(1, a.compare(VectorOperators.GT, 0))
          .blend(a, a.test(VectorOperators.IS_NAN))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void sqrt(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER).sqrt().intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .sqrt()
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void reciprocal(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector.broadcast(S, 1).div(a).intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector.broadcast(S, 1).div(a).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void square(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      a.mul(a).intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      a.mul(a).intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void relu(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector.fromMemorySegment(S, x, p + d, ORDER).max(0).intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromMemorySegment(S, x, p + d, ORDER, m)
          .max(0)
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }

  private static void isFinite(MemorySegment x, long p, MemorySegment z, long r, int n) {
    if (!z.isNative()) {
      throw OffHeap.refusal(z);
    }
    int i = 0;
    for (; i < S.loopBound(n); i += LANES) {
      long d = i * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER);
      FloatVector.zero(S)
          .blend(1, a.test(VectorOperators.IS_FINITE))
          .intoMemorySegment(z, r + d, ORDER);
    }
    if (i < n) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector a = FloatVector.fromMemorySegment(S, x, p + d, ORDER, m);
      FloatVector.zero(S)
          .blend(1, a.test(VectorOperators.IS_FINITE))
          .intoMemorySegment(z, r + d, ORDER, m);
    }
  }
}
