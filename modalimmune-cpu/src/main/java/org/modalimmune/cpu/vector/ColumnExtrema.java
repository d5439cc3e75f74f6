package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
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
    int whole = S.loopBound(columns);
    for (int i = 0; i < rows; i += 4) {
      // the last rows may be taken twice
      long second = Math.min(1, rows - 1 - i) * stride;
      long third = Math.min(2, rows - 1 - i) * stride;
      long fourth = Math.min(3, rows - 1 - i) * stride;
      fourRows(sign, x, p + i * stride, second, third, fourth, whole, best, q);
    }
    for (int j = whole; j < columns; j++) {
      float largest = best.getAtIndex(JAVA_FLOAT, q + j);
      for (int i = 0; i < rows; i++) {
        largest = Math.max(largest, sign * x.getAtIndex(JAVA_FLOAT, p + i * stride + j));
      }
      best.setAtIndex(JAVA_FLOAT, q + j, largest);
    }
  }

  private static void fourRows(
      float sign,
      MemorySegment x,
      long p,
      long second,
      long third,
      long fourth,
      int columns,
      MemorySegment best,
      long q) {
    if (!x.isNative() || !best.isNative()) {
      throw NativeSegments.onHeap(x, best);
    }
    for (int j = 0; j < columns; j += S.length()) {
      long at = p + j;
      FloatVector a = FloatVector.fromMemorySegment(S, x, at * 4, ORDER).mul(sign);
      FloatVector b = FloatVector.fromMemorySegment(S, x, (at + second) * 4, ORDER).mul(sign);
      FloatVector c = FloatVector.fromMemorySegment(S, x, (at + third) * 4, ORDER).mul(sign);
      FloatVector d = FloatVector.fromMemorySegment(S, x, (at + fourth) * 4, ORDER).mul(sign);
      FloatVector.fromMemorySegment(S, best, (q + j) * 4, ORDER)
          .max(a.max(b).max(c.max(d)))
          .intoMemorySegment(best, (q + j) * 4, ORDER);
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
    int whole = D.loopBound(columns);
    for (int i = 0; i < rows; i += 4) {
      // the last rows may be taken twice
      long second = Math.min(1, rows - 1 - i) * stride;
      long third = Math.min(2, rows - 1 - i) * stride;
      long fourth = Math.min(3, rows - 1 - i) * stride;
      fourRows(sign, x, p + i * stride, second, third, fourth, whole, best, q);
    }
    for (int j = whole; j < columns; j++) {
      double largest = best.getAtIndex(JAVA_DOUBLE, q + j);
      for (int i = 0; i < rows; i++) {
        largest = Math.max(largest, sign * x.getAtIndex(JAVA_DOUBLE, p + i * stride + j));
      }
      best.setAtIndex(JAVA_DOUBLE, q + j, largest);
    }
  }

  private static void fourRows(
      double sign,
      MemorySegment x,
      long p,
      long second,
      long third,
      long fourth,
      int columns,
      MemorySegment best,
      long q) {
    if (!x.isNative() || !best.isNative()) {
      throw NativeSegments.onHeap(x, best);
    }
    for (int j = 0; j < columns; j += D.length()) {
      long at = p + j;
      DoubleVector a = DoubleVector.fromMemorySegment(D, x, at * 8, ORDER).mul(sign);
      DoubleVector b = DoubleVector.fromMemorySegment(D, x, (at + second) * 8, ORDER).mul(sign);
      DoubleVector c = DoubleVector.fromMemorySegment(D, x, (at + third) * 8, ORDER).mul(sign);
      DoubleVector d = DoubleVector.fromMemorySegment(D, x, (at + fourth) * 8, ORDER).mul(sign);
      DoubleVector.fromMemorySegment(D, best, (q + j) * 8, ORDER)
          .max(a.max(b).max(c.max(d)))
          .intoMemorySegment(best, (q + j) * 8, ORDER);
    }
  }
}
