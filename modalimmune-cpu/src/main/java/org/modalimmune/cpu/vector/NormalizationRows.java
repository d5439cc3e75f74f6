package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Steps of the normalisations on one row of n float64 elements at the start of a segment. */
final class NormalizationRows {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  private NormalizationRows() {}

  /** Largest element; NaN if there is one. */
  static double max(MemorySegment row, int n) {
    DoubleVector best = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      best = best.max(DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER));
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      best =
          best.lanewise(
              VectorOperators.MAX, DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER, m), m);
    }
    return best.reduceLanes(VectorOperators.MAX);
  }

  /** {@code x = x / divisor}. */
  static void divide(MemorySegment row, double divisor, int n) {
    if (!row.isNative()) {
      throw NativeSegments.onHeap(row);
    }
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER)
          .div(divisor)
          .intoMemorySegment(row, i * 8L, ORDER);
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER, m)
          .div(divisor)
          .intoMemorySegment(row, i * 8L, ORDER, m);
    }
  }

  /** {@code t = x - amount}. */
  static void subtract(MemorySegment row, double amount, MemorySegment t, int n) {
    if (!row.isNative() || !t.isNative()) {
      throw NativeSegments.onHeap(row, t);
    }
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER)
          .sub(amount)
          .intoMemorySegment(t, i * 8L, ORDER);
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER, m)
          .sub(amount)
          .intoMemorySegment(t, i * 8L, ORDER, m);
    }
  }

  /** {@code t = (x - mean)^2}. */
  static void squares(MemorySegment row, double mean, MemorySegment t, int n) {
    if (!row.isNative() || !t.isNative()) {
      throw NativeSegments.onHeap(row, t);
    }
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector centred = DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER).sub(mean);
      centred.mul(centred).intoMemorySegment(t, i * 8L, ORDER);
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector centred = DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER, m).sub(mean);
      centred.mul(centred).intoMemorySegment(t, i * 8L, ORDER, m);
    }
  }

  /** {@code x = (x - mean) scale}. */
  static void scale(MemorySegment row, double mean, double scale, int n) {
    if (!row.isNative()) {
      throw NativeSegments.onHeap(row);
    }
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER)
          .sub(mean)
          .mul(scale)
          .intoMemorySegment(row, i * 8L, ORDER);
    }
    if (i < n) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector.fromMemorySegment(D, row, i * 8L, ORDER, m)
          .sub(mean)
          .mul(scale)
          .intoMemorySegment(row, i * 8L, ORDER, m);
    }
  }
}
