package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 product of small matrices where they lie, without packing: four rows of A by one vector
 * of B. B and C have column stride 1. Each element is summed in the order of k.
 */
final class FloatSmallMatmul implements SmallMatmul {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  @Override
  public void multiply(Operand a, long aAt, Operand b, long bAt, Operand c, long cAt) {
    long rows = c.rows();
    for (int j = 0; j < c.columns(); j += LANES) {
      VectorMask<Float> m = S.indexInRange(j, c.columns());
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
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    MemorySegment out = c.segment();
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
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, q + k * bStep, ORDER, m);
      long at = p + k * step;
      c0 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT, at)), c0);
      c1 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT, at + row)), c1);
      c2 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT, at + 2 * row)), c2);
      c3 = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT, at + 3 * row)), c3);
    }
    long r = cAt * SIZE;
    long cRow = c.rowStride() * SIZE;
    c0.intoMemorySegment(out, r, ORDER, m);
    c1.intoMemorySegment(out, r + cRow, ORDER, m);
    c2.intoMemorySegment(out, r + 2 * cRow, ORDER, m);
    c3.intoMemorySegment(out, r + 3 * cRow, ORDER, m);
  }

  private static void one(
      Operand a, long aAt, Operand b, long bAt, Operand c, long cAt, VectorMask<Float> m) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    int depth = (int) a.columns();
    long step = a.columnStride() * SIZE;
    long bStep = b.rowStride() * SIZE;
    FloatVector sum = FloatVector.zero(S);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromMemorySegment(S, right, bAt * SIZE + k * bStep, ORDER, m);
      sum = v.fma(FloatVector.broadcast(S, left.get(JAVA_FLOAT, aAt * SIZE + k * step)), sum);
    }
    sum.intoMemorySegment(c.segment(), cAt * SIZE, ORDER, m);
  }
}
