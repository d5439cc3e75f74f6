package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * Float32 functions of a dense block that are computed in float32, by the loops of {@link
 * FloatSeries}, {@link FloatNormal} and {@link FloatLogarithm}. Positions are in bytes.
 */
final class FloatFunctions {
  private static final long SIZE = 4;
  private static final long EXPONENTIALS = 64;

  private FloatFunctions() {}

  /**
   * Applies {@code op}; false if it is not one of these functions. The last elements, fewer than a
   * vector has lanes, go through {@code room}: the loops need no masks.
   *
   * @param room of {@link ElementBlocks#WIDE_BYTES}
   */
  static boolean apply(
      UnaryOp op, MemorySegment x, long p, MemorySegment z, long r, int n, MemorySegment room) {
    int rest = n % FloatSeries.LANES;
    int whole = n - rest;
    if (!run(op, x, p, z, r, whole, room)) {
      return false;
    }
    if (rest > 0) {
      MemorySegment.copy(x, p + whole * SIZE, room, 0, rest * SIZE);
      run(op, room, 0, room, 0, FloatSeries.LANES, room);
      MemorySegment.copy(room, 0, z, r + whole * SIZE, rest * SIZE);
    }
    return true;
  }

  /**
   * GELU and its derivative.
   *
   * @param room at least three vectors
   */
  static void geluWithDerivative(
      MemorySegment x,
      long p,
      MemorySegment w,
      long q,
      MemorySegment z,
      long r,
      int n,
      MemorySegment room) {
    int rest = n % FloatSeries.LANES;
    int whole = n - rest;
    FloatNormal.geluWithDerivative(x, p, w, q, z, r, whole);
    if (rest > 0) {
      long vector = FloatSeries.LANES * SIZE;
      MemorySegment.copy(x, p + whole * SIZE, room, 0, rest * SIZE);
      FloatNormal.geluWithDerivative(room, 0, room, vector, room, 2 * vector, FloatSeries.LANES);
      MemorySegment.copy(room, vector, w, q + whole * SIZE, rest * SIZE);
      MemorySegment.copy(room, 2 * vector, z, r + whole * SIZE, rest * SIZE);
    }
  }

  private static boolean run(
      UnaryOp op, MemorySegment x, long p, MemorySegment z, long r, int n, MemorySegment room) {
    switch (op) {
      case EXP -> FloatSeries.exp(x, p, z, r, n);
      case TANH -> FloatSeries.tanh(x, p, z, r, n);
      case SIGMOID -> FloatSeries.sigmoid(x, p, z, r, n);
      case LOG -> FloatLogarithm.log(x, p, z, r, n);
      case LOG1P -> FloatLogarithm.log1p(x, p, z, r, n);
      case SOFTPLUS -> softplus(x, p, z, r, n, room);
      case ERF -> FloatNormal.erf(x, p, z, r, n);
      case NORMAL_PDF -> FloatNormal.density(x, p, z, r, n);
      case NORMAL_CDF -> FloatNormal.distribution(x, p, z, r, n);
      case GELU -> FloatNormal.gelu(x, p, z, r, n);
      case GELU_DERIVATIVE -> FloatNormal.geluDerivative(x, p, z, r, n);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The exponentials of a block lie behind the room for the last elements. */
  private static void softplus(
      MemorySegment x, long p, MemorySegment z, long r, int n, MemorySegment room) {
    for (int i = 0; i < n; i += ElementBlocks.BLOCK) {
      int count = Math.min(ElementBlocks.BLOCK, n - i);
      long d = i * SIZE;
      FloatSeries.minusMagnitude(x, p + d, room, EXPONENTIALS, count);
      FloatSeries.exp(room, EXPONENTIALS, room, EXPONENTIALS, count);
      FloatLogarithm.softplus(x, p + d, room, EXPONENTIALS, z, r + d, count);
    }
  }
}
