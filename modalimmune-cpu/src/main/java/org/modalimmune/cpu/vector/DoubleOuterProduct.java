package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Float64 product of a column and a row, four rows of C at a time. */
final class DoubleOuterProduct implements OuterProduct {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = Double.BYTES;

  @Override
  public void multiply(Operand a, Operand b, Operand c, long from, long to) {
    int width = Math.toIntExact(c.columns());
    long row = c.rowStride();
    long i = from;
    for (; i <= to - 4; i += 4) {
      four(a, i, b.segment(), b.offset(), c.segment(), c.at(i, 0), row, width);
    }
    for (; i < to; i++) {
      one(a, i, b.segment(), b.offset(), c.segment(), c.at(i, 0), width);
    }
  }

  private static void four(
      Operand a,
      long i,
      MemorySegment b,
      long bAt,
      MemorySegment c,
      long cAt,
      long row,
      int width) {
    if (!(b.isNative() && c.isNative())) {
      throw NativeSegments.onHeap(b, c);
    }
    DoubleVector a0 = element(a, i);
    DoubleVector a1 = element(a, i + 1);
    DoubleVector a2 = element(a, i + 2);
    DoubleVector a3 = element(a, i + 3);
    DoubleVector zero = DoubleVector.zero(S);
    long q = bAt * SIZE;
    long p = cAt * SIZE;
    long r = row * SIZE;
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, b, q + j * SIZE, ORDER);
      long at = p + j * SIZE;
      v.fma(a0, zero).intoMemorySegment(c, at, ORDER);
      v.fma(a1, zero).intoMemorySegment(c, at + r, ORDER);
      v.fma(a2, zero).intoMemorySegment(c, at + 2 * r, ORDER);
      v.fma(a3, zero).intoMemorySegment(c, at + 3 * r, ORDER);
    }
    if (j < width) {
      VectorMask<Double> rest = S.indexInRange(j, width);
      DoubleVector v = DoubleVector.fromMemorySegment(S, b, q + j * SIZE, ORDER, rest);
      long at = p + j * SIZE;
      v.fma(a0, zero).intoMemorySegment(c, at, ORDER, rest);
      v.fma(a1, zero).intoMemorySegment(c, at + r, ORDER, rest);
      v.fma(a2, zero).intoMemorySegment(c, at + 2 * r, ORDER, rest);
      v.fma(a3, zero).intoMemorySegment(c, at + 3 * r, ORDER, rest);
    }
  }

  private static void one(
      Operand a, long i, MemorySegment b, long bAt, MemorySegment c, long cAt, int width) {
    if (!(b.isNative() && c.isNative())) {
      throw NativeSegments.onHeap(b, c);
    }
    DoubleVector a0 = element(a, i);
    DoubleVector zero = DoubleVector.zero(S);
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Double> inside = S.indexInRange(j, width);
      DoubleVector.fromMemorySegment(S, b, (bAt + j) * SIZE, ORDER, inside)
          .fma(a0, zero)
          .intoMemorySegment(c, (cAt + j) * SIZE, ORDER, inside);
    }
  }

  private static DoubleVector element(Operand a, long i) {
    return DoubleVector.broadcast(S, a.segment().getAtIndex(JAVA_DOUBLE, a.at(i, 0)));
  }
}
