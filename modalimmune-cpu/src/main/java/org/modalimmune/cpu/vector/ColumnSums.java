package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.F2D;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the rows of a matrix to running sums in float64, four rows at a time, along the rows: what
 * the hardware fetches ahead. Positions and strides are in elements.
 */
final class ColumnSums {
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  private ColumnSums() {}

  /**
   * Adds rows to {@code sums}.
   *
   * @param p position of the first row's first element
   * @param stride from one row to the next
   * @param q position of the first sum
   */
  static void floats(
      MemorySegment x, long p, long stride, int rows, int columns, MemorySegment sums, long q) {
    int i = 0;
    for (; i <= rows - 4; i += 4) {
      fourOfFloats(x, p + i * stride, stride, columns, sums, q);
    }
    for (; i < rows; i++) {
      oneOfFloats(x, p + i * stride, columns, sums, q);
    }
  }

  private static void fourOfFloats(
      MemorySegment x, long p, long stride, int columns, MemorySegment sums, long q) {
    if (!x.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(x, sums);
    }
    long step = stride * 4;
    int j = 0;
    for (; j <= columns - LANES; j += LANES) {
      long at = (p + j) * 4;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER);
      a = a.add(wide(FloatVector.fromMemorySegment(F, x, at, ORDER)));
      a = a.add(wide(FloatVector.fromMemorySegment(F, x, at + step, ORDER)));
      a = a.add(wide(FloatVector.fromMemorySegment(F, x, at + 2 * step, ORDER)));
      a = a.add(wide(FloatVector.fromMemorySegment(F, x, at + 3 * step, ORDER)));
      a.intoMemorySegment(sums, (q + j) * 8, ORDER);
    }
    if (j < columns) {
      VectorMask<Float> m = F.indexInRange(j, columns);
      VectorMask<Double> n = D.indexInRange(j, columns);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER, n);
      for (int i = 0; i < 4; i++) {
        a = a.add(wide(FloatVector.fromMemorySegment(F, x, (p + j) * 4 + i * step, ORDER, m)));
      }
      a.intoMemorySegment(sums, (q + j) * 8, ORDER, n);
    }
  }

  private static void oneOfFloats(
      MemorySegment x, long p, int columns, MemorySegment sums, long q) {
    if (!x.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(x, sums);
    }
    for (int j = 0; j < columns; j += LANES) {
      VectorMask<Float> m = F.indexInRange(j, columns);
      VectorMask<Double> n = D.indexInRange(j, columns);
      DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER, n)
          .add(wide(FloatVector.fromMemorySegment(F, x, (p + j) * 4, ORDER, m)))
          .intoMemorySegment(sums, (q + j) * 8, ORDER, n);
    }
  }

  /** As {@link #floats}, for float64 elements. */
  static void doubles(
      MemorySegment x, long p, long stride, int rows, int columns, MemorySegment sums, long q) {
    int i = 0;
    for (; i <= rows - 4; i += 4) {
      fourOfDoubles(x, p + i * stride, stride, columns, sums, q);
    }
    for (; i < rows; i++) {
      oneOfDoubles(x, p + i * stride, columns, sums, q);
    }
  }

  private static void fourOfDoubles(
      MemorySegment x, long p, long stride, int columns, MemorySegment sums, long q) {
    if (!x.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(x, sums);
    }
    long step = stride * 8;
    int j = 0;
    for (; j <= columns - LANES; j += LANES) {
      long at = (p + j) * 8;
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER);
      a = a.add(DoubleVector.fromMemorySegment(D, x, at, ORDER));
      a = a.add(DoubleVector.fromMemorySegment(D, x, at + step, ORDER));
      a = a.add(DoubleVector.fromMemorySegment(D, x, at + 2 * step, ORDER));
      a = a.add(DoubleVector.fromMemorySegment(D, x, at + 3 * step, ORDER));
      a.intoMemorySegment(sums, (q + j) * 8, ORDER);
    }
    if (j < columns) {
      VectorMask<Double> m = D.indexInRange(j, columns);
      DoubleVector a = DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER, m);
      for (int i = 0; i < 4; i++) {
        a = a.add(DoubleVector.fromMemorySegment(D, x, (p + j) * 8 + i * step, ORDER, m));
      }
      a.intoMemorySegment(sums, (q + j) * 8, ORDER, m);
    }
  }

  private static void oneOfDoubles(
      MemorySegment x, long p, int columns, MemorySegment sums, long q) {
    if (!x.isNative() || !sums.isNative()) {
      throw NativeSegments.onHeap(x, sums);
    }
    for (int j = 0; j < columns; j += LANES) {
      VectorMask<Double> m = D.indexInRange(j, columns);
      DoubleVector.fromMemorySegment(D, sums, (q + j) * 8, ORDER, m)
          .add(DoubleVector.fromMemorySegment(D, x, (p + j) * 8, ORDER, m))
          .intoMemorySegment(sums, (q + j) * 8, ORDER, m);
    }
  }

  private static DoubleVector wide(FloatVector v) {
    return (DoubleVector) v.convertShape(F2D, D, 0);
  }
}
