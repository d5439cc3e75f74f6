package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 product of small matrices where they lie, without packing: four rows of A by three
 * vectors of B, or fewer for the last columns. B and C have column stride 1. Each element is summed
 * in the order of k. Last rows and vectors reach back over elements that are done, and come out the
 * same: masks are slower, and serve outputs of less than one vector alone.
 *
 * <p>The loops over k have an exit that is never taken: the end of a basic block keeps the loads of
 * several rounds apart, which would push the sums out of the registers.
 */
final class DoubleSmallMatmul implements SmallMatmul {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = Double.BYTES;

  @Override
  public void multiply(Operand a, long aAt, Operand b, long bAt, Operand c, long cAt) {
    int width = Math.toIntExact(c.columns());
    long rows = c.rows();
    for (long i = 0; i < rows; i += 4) {
      long aRow = aAt + i * a.rowStride();
      long cRow = cAt + i * c.rowStride();
      int last = (int) Math.min(3, rows - 1 - i);
      if (last == 0) {
        oneRow(a, aRow, b, bAt, c, cRow, width);
      } else {
        fourRows(a, aRow, b, bAt, c, cRow, last, width);
      }
    }
  }

  /** Rows 0, 1 .. last, and the last one again if that makes less than four. */
  private static void fourRows(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, int last, int width) {
    int j = 0;
    for (; width - j > 2 * LANES; j += 3 * LANES) {
      long third = Math.min(2 * LANES, width - j - LANES) * SIZE;
      fourByThree(a, aAt, b, bAt + j, c, cAt + j, last, third);
    }
    if (width - j > LANES) {
      fourByTwo(a, aAt, b, bAt + j, c, cAt + j, last, (width - j - LANES) * SIZE);
    } else if (j < width) {
      int at = Math.max(0, width - LANES);
      fourByOne(a, aAt, b, bAt + at, c, cAt + at, last, S.indexInRange(at, width));
    }
  }

  private static void oneRow(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, int width) {
    int j = 0;
    for (; width - j > LANES; j += 2 * LANES) {
      long second = Math.min(LANES, width - j - LANES) * SIZE;
      oneByTwo(a, aAt, b, bAt + j, c, cAt + j, second);
    }
    if (j < width) {
      int at = Math.max(0, width - LANES);
      oneByOne(a, aAt, b, bAt + at, c, cAt + at, S.indexInRange(at, width));
    }
  }

  private static void fourByThree(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, int last, long third) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long row2 = Math.min(2, last) * row;
    long row3 = last * row;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    long next = LANES * SIZE;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector d0 = c0;
    DoubleVector d1 = c0;
    DoubleVector d2 = c0;
    DoubleVector d3 = c0;
    DoubleVector e0 = c0;
    DoubleVector e1 = c0;
    DoubleVector e2 = c0;
    DoubleVector e3 = c0;
    long at = p;
    for (int k = 0; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q, ORDER);
      DoubleVector w = DoubleVector.fromMemorySegment(S, right, q + next, ORDER);
      DoubleVector x = DoubleVector.fromMemorySegment(S, right, q + third, ORDER);
      DoubleVector a0 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at));
      c0 = a0.fma(v, c0);
      d0 = a0.fma(w, d0);
      e0 = a0.fma(x, e0);
      DoubleVector a1 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row));
      c1 = a1.fma(v, c1);
      d1 = a1.fma(w, d1);
      e1 = a1.fma(x, e1);
      DoubleVector a2 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row2));
      c2 = a2.fma(v, c2);
      d2 = a2.fma(w, d2);
      e2 = a2.fma(x, e2);
      DoubleVector a3 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row3));
      c3 = a3.fma(v, c3);
      d3 = a3.fma(w, d3);
      e3 = a3.fma(x, e3);
      at += step;
      q += bStep;
      if (k == -depth) {
        break;
      }
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    long cRow2 = Math.min(2, last) * cRow;
    long cRow3 = last * cRow;
    c0.intoMemorySegment(out, r, ORDER);
    c1.intoMemorySegment(out, r + cRow, ORDER);
    c2.intoMemorySegment(out, r + cRow2, ORDER);
    c3.intoMemorySegment(out, r + cRow3, ORDER);
    long s = r + next;
    d0.intoMemorySegment(out, s, ORDER);
    d1.intoMemorySegment(out, s + cRow, ORDER);
    d2.intoMemorySegment(out, s + cRow2, ORDER);
    d3.intoMemorySegment(out, s + cRow3, ORDER);
    long t = r + third;
    e0.intoMemorySegment(out, t, ORDER);
    e1.intoMemorySegment(out, t + cRow, ORDER);
    e2.intoMemorySegment(out, t + cRow2, ORDER);
    e3.intoMemorySegment(out, t + cRow3, ORDER);
  }

  private static void fourByTwo(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, int last, long next) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long row2 = Math.min(2, last) * row;
    long row3 = last * row;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector d0 = c0;
    DoubleVector d1 = c0;
    DoubleVector d2 = c0;
    DoubleVector d3 = c0;
    long at = p;
    for (int k = 0; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q, ORDER);
      DoubleVector w = DoubleVector.fromMemorySegment(S, right, q + next, ORDER);
      DoubleVector a0 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at));
      c0 = a0.fma(v, c0);
      d0 = a0.fma(w, d0);
      DoubleVector a1 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row));
      c1 = a1.fma(v, c1);
      d1 = a1.fma(w, d1);
      DoubleVector a2 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row2));
      c2 = a2.fma(v, c2);
      d2 = a2.fma(w, d2);
      DoubleVector a3 = DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row3));
      c3 = a3.fma(v, c3);
      d3 = a3.fma(w, d3);
      at += step;
      q += bStep;
      if (k == -depth) {
        break;
      }
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    long cRow2 = Math.min(2, last) * cRow;
    long cRow3 = last * cRow;
    c0.intoMemorySegment(out, r, ORDER);
    c1.intoMemorySegment(out, r + cRow, ORDER);
    c2.intoMemorySegment(out, r + cRow2, ORDER);
    c3.intoMemorySegment(out, r + cRow3, ORDER);
    r += next;
    d0.intoMemorySegment(out, r, ORDER);
    d1.intoMemorySegment(out, r + cRow, ORDER);
    d2.intoMemorySegment(out, r + cRow2, ORDER);
    d3.intoMemorySegment(out, r + cRow3, ORDER);
  }

  private static void oneByTwo(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, long next) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long q = bAt * SIZE;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector d0 = c0;
    for (int k = 0; k < depth; k++) {
      DoubleVector a0 =
          DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, aAt * SIZE + k * step));
      c0 = a0.fma(DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER), c0);
      d0 = a0.fma(DoubleVector.fromMemorySegment(S, right, q + k * bStep + next, ORDER), d0);
    }
    c0.intoMemorySegment(out, cAt * SIZE, ORDER);
    d0.intoMemorySegment(out, cAt * SIZE + next, ORDER);
  }

  private static void fourByOne(
      Operand a,
      long aAt,
      Operand b,
      long bAt,
      Operand c,
      long cAt,
      int last,
      VectorMask<Double> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long row2 = Math.min(2, last) * row;
    long row3 = last * row;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int k = 0;
    for (int safe = rowsWithin(right, q, bStep, depth); k < safe; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER);
      long at = p + k * step;
      c0 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at)), c0);
      c1 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row)), c1);
      c2 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row2)), c2);
      c3 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row3)), c3);
      if (k == -depth) {
        break;
      }
    }
    for (; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      long at = p + k * step;
      c0 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at)), c0);
      c1 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row)), c1);
      c2 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row2)), c2);
      c3 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, at + row3)), c3);
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    long cRow2 = Math.min(2, last) * cRow;
    long cRow3 = last * cRow;
    if (m.allTrue()) {
      c0.intoMemorySegment(out, r, ORDER);
      c1.intoMemorySegment(out, r + cRow, ORDER);
      c2.intoMemorySegment(out, r + cRow2, ORDER);
      c3.intoMemorySegment(out, r + cRow3, ORDER);
    } else {
      c0.intoMemorySegment(out, r, ORDER, m);
      c1.intoMemorySegment(out, r + cRow, ORDER, m);
      c2.intoMemorySegment(out, r + cRow2, ORDER, m);
      c3.intoMemorySegment(out, r + cRow3, ORDER, m);
    }
  }

  private static void oneByOne(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Double> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    if (!(left.isNative() && right.isNative() && c.segment().isNative())) {
      throw NativeSegments.onHeap(left, right, c.segment());
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long q = bAt * SIZE;
    DoubleVector sum = DoubleVector.zero(S);
    int k = 0;
    for (int safe = rowsWithin(right, q, bStep, depth); k < safe; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER);
      sum =
          v.fma(
              DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, aAt * SIZE + k * step)),
              sum);
    }
    for (; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      sum =
          v.fma(
              DoubleVector.broadcast(S, left.get(JAVA_DOUBLE_UNALIGNED, aAt * SIZE + k * step)),
              sum);
    }
    sum.intoMemorySegment(c.segment(), cAt * SIZE, ORDER, m);
  }

  /**
   * From how many of the first rows a whole vector can be read without leaving the segment: a
   * masked load is slow, and what lies beyond the last column ends in lanes that are not stored.
   */
  private static int rowsWithin(MemorySegment right, long q, long bStep, int depth) {
    long room = right.byteSize() - S.vectorByteSize() - q;
    if (room < 0 || bStep < 0) {
      return 0;
    }
    return bStep == 0 ? depth : (int) Math.min(depth, room / bStep + 1);
  }
}
