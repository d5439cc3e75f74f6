package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Largest elements of a matrix's columns times a sign, as {@link RowExtrema}; rows are read as by
 * {@link ColumnSums}. Positions and strides are in elements.
 */
final class ColumnExtrema {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;

  private ColumnExtrema() {}

  /**
   * Takes the columns' largest elements times {@code sign} into {@code best}, where a NaN stays.
   */
  static void floats(
      float sign,
      MemorySegment x,
      long p,
      long stride,
      int rows,
      int columns,
      MemorySegment best,
      long q) {
    if (!x.isNative() || !best.isNative()) {
      throw NativeSegments.onHeap(x, best);
    }
    int lanes = S.length();
    long step = stride * 4;
    for (int i = 0; i < rows; i += 4) {
      // the last rows may be taken twice
      long second = Math.min(1, rows - 1 - i) * step;
      long third = Math.min(2, rows - 1 - i) * step;
      long fourth = Math.min(3, rows - 1 - i) * step;
      long row = (p + i * stride) * 4;
      int j = 0;
      for (; j <= columns - lanes; j += lanes) {
        long at = row + j * 4L;
        FloatVector a = FloatVector.fromMemorySegment(S, x, at, ORDER).mul(sign);
        FloatVector b = FloatVector.fromMemorySegment(S, x, at + second, ORDER).mul(sign);
        FloatVector c = FloatVector.fromMemorySegment(S, x, at + third, ORDER).mul(sign);
        FloatVector d = FloatVector.fromMemorySegment(S, x, at + fourth, ORDER).mul(sign);
        FloatVector.fromMemorySegment(S, best, (q + j) * 4, ORDER)
            .max(a.max(b).max(c.max(d)))
            .intoMemorySegment(best, (q + j) * 4, ORDER);
      }
      if (j < columns) {
        VectorMask<Float> m = S.indexInRange(j, columns);
        long at = row + j * 4L;
        FloatVector a = FloatVector.fromMemorySegment(S, x, at, ORDER, m).mul(sign);
        FloatVector b = FloatVector.fromMemorySegment(S, x, at + second, ORDER, m).mul(sign);
        FloatVector c = FloatVector.fromMemorySegment(S, x, at + third, ORDER, m).mul(sign);
        FloatVector d = FloatVector.fromMemorySegment(S, x, at + fourth, ORDER, m).mul(sign);
        FloatVector.fromMemorySegment(S, best, (q + j) * 4, ORDER, m)
            .max(a.max(b).max(c.max(d)))
            .intoMemorySegment(best, (q + j) * 4, ORDER, m);
      }
    }
  }

  /**
   * Takes the columns' largest elements times {@code sign} into {@code best}, where a NaN stays.
   */
  static void doubles(
      double sign,
      MemorySegment x,
      long p,
      long stride,
      int rows,
      int columns,
      MemorySegment best,
      long q) {
    if (!x.isNative() || !best.isNative()) {
      throw NativeSegments.onHeap(x, best);
    }
    int lanes = D.length();
    long step = stride * 8;
    for (int i = 0; i < rows; i += 4) {
      // the last rows may be taken twice
      long second = Math.min(1, rows - 1 - i) * step;
      long third = Math.min(2, rows - 1 - i) * step;
      long fourth = Math.min(3, rows - 1 - i) * step;
      long row = (p + i * stride) * 8;
      int j = 0;
      for (; j <= columns - lanes; j += lanes) {
        long at = row + j * 8L;
        DoubleVector a = DoubleVector.fromMemorySegment(D, x, at, ORDER).mul(sign);
        DoubleVector b = DoubleVector.fromMemorySegment(D, x, at + second, ORDER).mul(sign);
        DoubleVector c = DoubleVector.fromMemorySegment(D, x, at + third, ORDER).mul(sign);
        DoubleVector d = DoubleVector.fromMemorySegment(D, x, at + fourth, ORDER).mul(sign);
        DoubleVector.fromMemorySegment(D, best, (q + j) * 8, ORDER)
            .max(a.max(b).max(c.max(d)))
            .intoMemorySegment(best, (q + j) * 8, ORDER);
      }
      if (j < columns) {
        VectorMask<Double> m = D.indexInRange(j, columns);
        long at = row + j * 8L;
        DoubleVector a = DoubleVector.fromMemorySegment(D, x, at, ORDER, m).mul(sign);
        DoubleVector b = DoubleVector.fromMemorySegment(D, x, at + second, ORDER, m).mul(sign);
        DoubleVector c = DoubleVector.fromMemorySegment(D, x, at + third, ORDER, m).mul(sign);
        DoubleVector d = DoubleVector.fromMemorySegment(D, x, at + fourth, ORDER, m).mul(sign);
        DoubleVector.fromMemorySegment(D, best, (q + j) * 8, ORDER, m)
            .max(a.max(b).max(c.max(d)))
            .intoMemorySegment(best, (q + j) * 8, ORDER, m);
      }
    }
  }
}
