package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 tile of 8 rows by two vectors: 16 sums, two vectors of B and one of A fit in 32
 * registers, and the code in the limits of the first compiler. Named locals, because the compiler
 * keeps no array of vectors in registers; one method, because a sum that is handed to another one
 * would live in memory.
 */
final class DoubleTile extends DoublePanels {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long VECTOR_BYTES = S.vectorByteSize();

  @Override
  public void multiply(
      int depth,
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      MemorySegment c,
      long cAt,
      long rowBytes,
      boolean add) {
    if (!add) {
      clear(c, cAt, rowBytes);
    }
    accumulate(depth, a, aAt, b, bAt, c, cAt, rowBytes);
  }

  private static void clear(MemorySegment c, long cAt, long rowBytes) {
    for (int i = 0; i < TILE_ROWS; i++) {
      DoubleVector.zero(S).intoMemorySegment(c, cAt + i * rowBytes, ORDER);
      DoubleVector.zero(S).intoMemorySegment(c, cAt + i * rowBytes + VECTOR_BYTES, ORDER);
    }
  }

  /**
   * C += A B, begun from C: a second way of beginning would be too much code for the first
   * compiler.
   */
  private static void accumulate(
      int depth,
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      MemorySegment c,
      long cAt,
      long rowBytes) {
    DoubleVector c0a = DoubleVector.fromMemorySegment(S, c, cAt, ORDER);
    DoubleVector c0b = DoubleVector.fromMemorySegment(S, c, cAt + VECTOR_BYTES, ORDER);
    DoubleVector c1a = DoubleVector.fromMemorySegment(S, c, cAt + rowBytes, ORDER);
    DoubleVector c1b = DoubleVector.fromMemorySegment(S, c, cAt + rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c2a = DoubleVector.fromMemorySegment(S, c, cAt + 2 * rowBytes, ORDER);
    DoubleVector c2b =
        DoubleVector.fromMemorySegment(S, c, cAt + 2 * rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c3a = DoubleVector.fromMemorySegment(S, c, cAt + 3 * rowBytes, ORDER);
    DoubleVector c3b =
        DoubleVector.fromMemorySegment(S, c, cAt + 3 * rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c4a = DoubleVector.fromMemorySegment(S, c, cAt + 4 * rowBytes, ORDER);
    DoubleVector c4b =
        DoubleVector.fromMemorySegment(S, c, cAt + 4 * rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c5a = DoubleVector.fromMemorySegment(S, c, cAt + 5 * rowBytes, ORDER);
    DoubleVector c5b =
        DoubleVector.fromMemorySegment(S, c, cAt + 5 * rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c6a = DoubleVector.fromMemorySegment(S, c, cAt + 6 * rowBytes, ORDER);
    DoubleVector c6b =
        DoubleVector.fromMemorySegment(S, c, cAt + 6 * rowBytes + VECTOR_BYTES, ORDER);
    DoubleVector c7a = DoubleVector.fromMemorySegment(S, c, cAt + 7 * rowBytes, ORDER);
    DoubleVector c7b =
        DoubleVector.fromMemorySegment(S, c, cAt + 7 * rowBytes + VECTOR_BYTES, ORDER);
    for (int k = 0; k < depth; k++) {
      int p = bAt + k * 2 * LANES;
      DoubleVector ba = DoubleVector.fromArray(S, b, p);
      DoubleVector bb = DoubleVector.fromArray(S, b, p + LANES);
      int q = aAt + k * TILE_ROWS;
      DoubleVector a0 = DoubleVector.broadcast(S, a[q]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      DoubleVector a1 = DoubleVector.broadcast(S, a[q + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      DoubleVector a2 = DoubleVector.broadcast(S, a[q + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      DoubleVector a3 = DoubleVector.broadcast(S, a[q + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      DoubleVector a4 = DoubleVector.broadcast(S, a[q + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      DoubleVector a5 = DoubleVector.broadcast(S, a[q + 5]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      DoubleVector a6 = DoubleVector.broadcast(S, a[q + 6]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      DoubleVector a7 = DoubleVector.broadcast(S, a[q + 7]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
    }
    c0a.intoMemorySegment(c, cAt, ORDER);
    c0b.intoMemorySegment(c, cAt + VECTOR_BYTES, ORDER);
    c1a.intoMemorySegment(c, cAt + rowBytes, ORDER);
    c1b.intoMemorySegment(c, cAt + rowBytes + VECTOR_BYTES, ORDER);
    c2a.intoMemorySegment(c, cAt + 2 * rowBytes, ORDER);
    c2b.intoMemorySegment(c, cAt + 2 * rowBytes + VECTOR_BYTES, ORDER);
    c3a.intoMemorySegment(c, cAt + 3 * rowBytes, ORDER);
    c3b.intoMemorySegment(c, cAt + 3 * rowBytes + VECTOR_BYTES, ORDER);
    c4a.intoMemorySegment(c, cAt + 4 * rowBytes, ORDER);
    c4b.intoMemorySegment(c, cAt + 4 * rowBytes + VECTOR_BYTES, ORDER);
    c5a.intoMemorySegment(c, cAt + 5 * rowBytes, ORDER);
    c5b.intoMemorySegment(c, cAt + 5 * rowBytes + VECTOR_BYTES, ORDER);
    c6a.intoMemorySegment(c, cAt + 6 * rowBytes, ORDER);
    c6b.intoMemorySegment(c, cAt + 6 * rowBytes + VECTOR_BYTES, ORDER);
    c7a.intoMemorySegment(c, cAt + 7 * rowBytes, ORDER);
    c7b.intoMemorySegment(c, cAt + 7 * rowBytes + VECTOR_BYTES, ORDER);
  }
}
