package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.F2D;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over the rows of a dense matrix in float64, row after row, one vector of columns at a time.
 */
final class ColumnSums {
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  private ColumnSums() {}

  /**
   * Writes the sums of rows to {@code sums}.
   *
   * @param p position of the first row's first element, in elements
   * @param stride from one row to the next, in elements
   * @param sums float64, position q
   */
  static void floats(
      MemorySegment x, long p, long stride, int rows, int columns, MemorySegment sums, long q) {
    int j = 0;
    for (; j <= columns - 2 * LANES; j += 2 * LANES) {
      DoubleVector a = DoubleVector.zero(D);
      DoubleVector b = a;
      for (int i = 0; i < rows; i++) {
        long at = (p + i * stride + j) * 4;
        a = a.add(FloatVector.fromMemorySegment(F, x, at, ORDER).convertShape(F2D, D, 0));
        b =
            b.add(
                FloatVector.fromMemorySegment(F, x, at + LANES * 4L, ORDER)
                    .convertShape(F2D, D, 0));
      }
      a.intoMemorySegment(sums, (q + j) * 8, ORDER);
      b.intoMemorySegment(sums, (q + j + LANES) * 8, ORDER);
    }
    for (; j < columns; j += LANES) {
      VectorMask<Float> m = F.indexInRange(j, columns);
      DoubleVector a = DoubleVector.zero(D);
      for (int i = 0; i < rows; i++) {
        long at = (p + i * stride + j) * 4;
        a = a.add(FloatVector.fromMemorySegment(F, x, at, ORDER, m).convertShape(F2D, D, 0));
      }
      a.intoMemorySegment(sums, (q + j) * 8, ORDER, D.indexInRange(j, columns));
    }
  }

  /** As {@link #floats}, for float64 elements. */
  static void doubles(
      MemorySegment x, long p, long stride, int rows, int columns, MemorySegment sums, long q) {
    for (int j = 0; j < columns; j += LANES) {
      VectorMask<Double> m = D.indexInRange(j, columns);
      DoubleVector a = DoubleVector.zero(D);
      for (int i = 0; i < rows; i++) {
        long at = (p + i * stride + j) * 8;
        a = a.add(DoubleVector.fromMemorySegment(D, x, at, ORDER, m));
      }
      a.intoMemorySegment(sums, (q + j) * 8, ORDER, m);
    }
  }
}
