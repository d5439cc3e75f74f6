package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 product of small matrices where they lie, without packing: four rows of A by two vectors
 * of B, or by one for last columns that fit in one. B and C have column stride 1. Each element is
 * summed in the order of k.
 *
 * <p>The loops over k have an exit that is never taken: the end of a basic block keeps the loads of
 * several rounds apart, which would push the sums out of the registers.
 */
final class FloatSmallMatmul implements SmallMatmul {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = Float.BYTES;

  @Override
  public void multiply(Operand a, long aAt, Operand b, long bAt, Operand c, long cAt) {
    long rows = c.rows();
    int width = Math.toIntExact(c.columns());
    int j = 0;
    for (; j < width - LANES; j += 2 * LANES) {
      VectorMask<Float> m = S.indexInRange(j + LANES, width);
      long i = 0;
      for (; i <= rows - 4; i += 4) {
        fourByTwo(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
      for (; i < rows; i++) {
        oneByTwo(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
    }
    if (j < width) {
      VectorMask<Float> m = S.indexInRange(j, width);
      long i = 0;
      for (; i <= rows - 4; i += 4) {
        fourByOne(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
      for (; i < rows; i++) {
        oneByOne(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
    }
  }

  private static void fourByTwo(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    long next = LANES * SIZE;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector d0 = c0;
    FloatVector d1 = c0;
    FloatVector d2 = c0;
    FloatVector d3 = c0;
    long at = p;
    int k = 0;
    for (int safe = rowsWithin(right, q + next, bStep, depth); k < safe; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(S, right, q + next, ORDER);
      FloatVector a0 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at));
      c0 = a0.fma(v, c0);
      d0 = a0.fma(w, d0);
      FloatVector a1 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + row));
      c1 = a1.fma(v, c1);
      d1 = a1.fma(w, d1);
      FloatVector a2 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 2 * row));
      c2 = a2.fma(v, c2);
      d2 = a2.fma(w, d2);
      FloatVector a3 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 3 * row));
      c3 = a3.fma(v, c3);
      d3 = a3.fma(w, d3);
      at += step;
      q += bStep;
      if (k == -depth) {
        break;
      }
    }
    for (; k < depth; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(S, right, q + next, ORDER, m);
      FloatVector a0 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at));
      c0 = a0.fma(v, c0);
      d0 = a0.fma(w, d0);
      FloatVector a1 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + row));
      c1 = a1.fma(v, c1);
      d1 = a1.fma(w, d1);
      FloatVector a2 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 2 * row));
      c2 = a2.fma(v, c2);
      d2 = a2.fma(w, d2);
      FloatVector a3 = FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 3 * row));
      c3 = a3.fma(v, c3);
      d3 = a3.fma(w, d3);
      at += step;
      q += bStep;
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    c0.intoMemorySegment(out, r, ORDER);
    c1.intoMemorySegment(out, r + cRow, ORDER);
    c2.intoMemorySegment(out, r + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, r + 3 * cRow, ORDER);
    r += next;
    if (m.allTrue()) {
      d0.intoMemorySegment(out, r, ORDER);
      d1.intoMemorySegment(out, r + cRow, ORDER);
      d2.intoMemorySegment(out, r + 2 * cRow, ORDER);
      d3.intoMemorySegment(out, r + 3 * cRow, ORDER);
    } else {
      d0.intoMemorySegment(out, r, ORDER, m);
      d1.intoMemorySegment(out, r + cRow, ORDER, m);
      d2.intoMemorySegment(out, r + 2 * cRow, ORDER, m);
      d3.intoMemorySegment(out, r + 3 * cRow, ORDER, m);
    }
  }

  private static void oneByTwo(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
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
    long next = LANES * SIZE;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector d0 = c0;
    int k = 0;
    for (int safe = rowsWithin(right, q + next, bStep, depth); k < safe; k++) {
      FloatVector a0 =
          FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, aAt * SIZE + k * step));
      c0 = a0.fma(FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER), c0);
      d0 = a0.fma(FloatVector.fromMemorySegment(S, right, q + k * bStep + next, ORDER), d0);
    }
    for (; k < depth; k++) {
      FloatVector a0 =
          FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, aAt * SIZE + k * step));
      c0 = a0.fma(FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER), c0);
      d0 = a0.fma(FloatVector.fromMemorySegment(S, right, q + k * bStep + next, ORDER, m), d0);
    }
    c0.intoMemorySegment(out, cAt * SIZE, ORDER);
    d0.intoMemorySegment(out, cAt * SIZE + next, ORDER, m);
  }

  private static void fourByOne(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    if (!(left.isNative() && right.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(left, right, out);
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    int k = 0;
    for (int safe = rowsWithin(right, q, bStep, depth); k < safe; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER);
      long at = p + k * step;
      c0 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at)), c0);
      c1 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + row)), c1);
      c2 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 2 * row)), c2);
      c3 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 3 * row)), c3);
      if (k == -depth) {
        break;
      }
    }
    for (; k < depth; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      long at = p + k * step;
      c0 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at)), c0);
      c1 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + row)), c1);
      c2 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 2 * row)), c2);
      c3 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, at + 3 * row)), c3);
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    c0.intoMemorySegment(out, r, ORDER, m);
    c1.intoMemorySegment(out, r + cRow, ORDER, m);
    c2.intoMemorySegment(out, r + 2 * cRow, ORDER, m);
    c3.intoMemorySegment(out, r + 3 * cRow, ORDER, m);
  }

  private static void oneByOne(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    if (!(left.isNative() && right.isNative() && c.segment().isNative())) {
      throw NativeSegments.onHeap(left, right, c.segment());
    }
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long q = bAt * SIZE;
    FloatVector sum = FloatVector.zero(S);
    int k = 0;
    for (int safe = rowsWithin(right, q, bStep, depth); k < safe; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER);
      sum =
          v.fma(
              FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, aAt * SIZE + k * step)), sum);
    }
    for (; k < depth; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      sum =
          v.fma(
              FloatVector.broadcast(S, left.get(JAVA_FLOAT_UNALIGNED, aAt * SIZE + k * step)), sum);
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
