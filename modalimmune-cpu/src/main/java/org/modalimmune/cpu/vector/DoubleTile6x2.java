package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.Panels.ROW;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 tile of 6 rows by 2 vectors, for 16 registers: 12 sums, a row of B, and two elements of A
 * at a time.
 *
 * <p>Left alone, the compiler loads A's elements all at once, and sums end up in memory. A test
 * between two rows, which is an end of a basic block, keeps them apart. It costs one instruction
 * and never holds: both panels are longer than they are deep.
 */
final class DoubleTile6x2 implements Tile<double[]> {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long BYTES = S.vectorByteSize();

  @Override
  public int rows() {
    return 6;
  }

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public void multiply(
      int depth,
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      MemorySegment base,
      long baseAt,
      long baseRow,
      MemorySegment c,
      long cAt,
      long cRow) {
    if (!(base.isNative() && c.isNative())) {
      throw NativeSegments.onHeap(base, c);
    }
    DoubleVector c0a = DoubleVector.zero(S);
    DoubleVector c0b = c0a;
    DoubleVector c1a = c0a;
    DoubleVector c1b = c0a;
    DoubleVector c2a = c0a;
    DoubleVector c2b = c0a;
    DoubleVector c3a = c0a;
    DoubleVector c3b = c0a;
    DoubleVector c4a = c0a;
    DoubleVector c4b = c0a;
    DoubleVector c5a = c0a;
    DoubleVector c5b = c0a;
    for (int k = 0; k < depth; k++) {
      int p = bAt + k * 2 * LANES;
      DoubleVector ba = DoubleVector.fromArray(S, b, p);
      DoubleVector bb = DoubleVector.fromArray(S, b, p + LANES);
      int q = aAt + k;
      DoubleVector a0 = DoubleVector.broadcast(S, a[q]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      DoubleVector a1 = DoubleVector.broadcast(S, a[q + ROW]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      if (k == a.length) {
        break;
      }
      DoubleVector a2 = DoubleVector.broadcast(S, a[q + 2 * ROW]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      DoubleVector a3 = DoubleVector.broadcast(S, a[q + 3 * ROW]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      if (k == b.length) {
        break;
      }
      DoubleVector a4 = DoubleVector.broadcast(S, a[q + 4 * ROW]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      DoubleVector a5 = DoubleVector.broadcast(S, a[q + 5 * ROW]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
    }
    c0a.add(DoubleVector.fromMemorySegment(S, base, baseAt, ORDER))
        .intoMemorySegment(c, cAt, ORDER);
    c0b.add(DoubleVector.fromMemorySegment(S, base, baseAt + BYTES, ORDER))
        .intoMemorySegment(c, cAt + BYTES, ORDER);
    c1a.add(DoubleVector.fromMemorySegment(S, base, baseAt + baseRow, ORDER))
        .intoMemorySegment(c, cAt + cRow, ORDER);
    c1b.add(DoubleVector.fromMemorySegment(S, base, baseAt + baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + cRow + BYTES, ORDER);
    c2a.add(DoubleVector.fromMemorySegment(S, base, baseAt + 2 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 2 * cRow, ORDER);
    c2b.add(DoubleVector.fromMemorySegment(S, base, baseAt + 2 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 2 * cRow + BYTES, ORDER);
    c3a.add(DoubleVector.fromMemorySegment(S, base, baseAt + 3 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 3 * cRow, ORDER);
    c3b.add(DoubleVector.fromMemorySegment(S, base, baseAt + 3 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 3 * cRow + BYTES, ORDER);
    c4a.add(DoubleVector.fromMemorySegment(S, base, baseAt + 4 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 4 * cRow, ORDER);
    c4b.add(DoubleVector.fromMemorySegment(S, base, baseAt + 4 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 4 * cRow + BYTES, ORDER);
    c5a.add(DoubleVector.fromMemorySegment(S, base, baseAt + 5 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 5 * cRow, ORDER);
    c5b.add(DoubleVector.fromMemorySegment(S, base, baseAt + 5 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 5 * cRow + BYTES, ORDER);
  }
}
