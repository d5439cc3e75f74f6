package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 product of small matrices where they lie, without packing: four rows of A by one vector
 * of B. B and C have column stride 1. Each element is summed in the order of k.
 */
final class DoubleSmallMatmul implements SmallMatmul {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  @Override
  public void multiply(Operand a, long aAt, Operand b, long bAt, Operand c, long cAt) {
    long rows = c.rows();
    for (int j = 0; j < c.columns(); j += LANES) {
      VectorMask<Double> m = S.indexInRange(j, c.columns());
      long i = 0;
      for (; i <= rows - 4; i += 4) {
        four(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
      for (; i < rows; i++) {
        one(a, aAt + i * a.rowStride(), b, bAt + j, c, cAt + i * c.rowStride() + j, m);
      }
    }
  }

  private static void four(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Double> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long row = a.rowStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    long p = aAt * SIZE;
    long q = bAt * SIZE;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    for (int k = 0; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      long at = p + k * step;
      c0 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE, at)), c0);
      c1 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE, at + row)), c1);
      c2 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE, at + 2 * row)), c2);
      c3 = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE, at + 3 * row)), c3);
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    c0.intoMemorySegment(out, r, ORDER, m);
    c1.intoMemorySegment(out, r + cRow, ORDER, m);
    c2.intoMemorySegment(out, r + 2 * cRow, ORDER, m);
    c3.intoMemorySegment(out, r + 3 * cRow, ORDER, m);
  }

  private static void one(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Double> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    DoubleVector sum = DoubleVector.zero(S);
    for (int k = 0; k < depth; k++) {
      DoubleVector v = DoubleVector.fromMemorySegment(S, right, bAt * SIZE + k * bStep, ORDER, m);
      sum = v.fma(DoubleVector.broadcast(S, left.get(JAVA_DOUBLE, aAt * SIZE + k * step)), sum);
    }
    sum.intoMemorySegment(c.segment(), cAt * SIZE, ORDER, m);
  }
}
