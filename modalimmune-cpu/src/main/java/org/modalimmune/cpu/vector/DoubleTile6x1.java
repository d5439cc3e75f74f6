package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.Panels.ROW;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float64 tile of 6 rows by 1 vector, for a last, single vector of columns: the more rows, the
 * fewer loads of B; eight would spill with 16 registers.
 */
final class DoubleTile6x1 implements Tile<double[]> {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();

  @Override
  public int rows() {
    return 6;
  }

  @Override
  public int vectors() {
    return 1;
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
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    for (int k = 0; k < depth; k++) {
      int p = bAt + k * LANES;
      DoubleVector b0 = DoubleVector.fromArray(S, b, p);
      int q = aAt + k;
      DoubleVector a0 = DoubleVector.broadcast(S, a[q]);
      c0 = a0.fma(b0, c0);
      DoubleVector a1 = DoubleVector.broadcast(S, a[q + ROW]);
      c1 = a1.fma(b0, c1);
      DoubleVector a2 = DoubleVector.broadcast(S, a[q + 2 * ROW]);
      c2 = a2.fma(b0, c2);
      DoubleVector a3 = DoubleVector.broadcast(S, a[q + 3 * ROW]);
      c3 = a3.fma(b0, c3);
      DoubleVector a4 = DoubleVector.broadcast(S, a[q + 4 * ROW]);
      c4 = a4.fma(b0, c4);
      DoubleVector a5 = DoubleVector.broadcast(S, a[q + 5 * ROW]);
      c5 = a5.fma(b0, c5);
    }
    c0.add(DoubleVector.fromMemorySegment(S, base, baseAt, ORDER)).intoMemorySegment(c, cAt, ORDER);
    c1.add(DoubleVector.fromMemorySegment(S, base, baseAt + baseRow, ORDER))
        .intoMemorySegment(c, cAt + cRow, ORDER);
    c2.add(DoubleVector.fromMemorySegment(S, base, baseAt + 2 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 2 * cRow, ORDER);
    c3.add(DoubleVector.fromMemorySegment(S, base, baseAt + 3 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 3 * cRow, ORDER);
    c4.add(DoubleVector.fromMemorySegment(S, base, baseAt + 4 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 4 * cRow, ORDER);
    c5.add(DoubleVector.fromMemorySegment(S, base, baseAt + 5 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 5 * cRow, ORDER);
  }
}
