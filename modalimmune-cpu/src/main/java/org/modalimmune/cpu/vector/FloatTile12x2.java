package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.Panels.ROW;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 tile of 12 rows by 2 vectors, for 32 registers: 24 sums, two vectors of B and six of A.
 */
final class FloatTile12x2 implements Tile<float[]> {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long BYTES = S.vectorByteSize();

  @Override
  public int rows() {
    return 12;
  }

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public void multiply(
      int depth,
      float[] a,
      int aAt,
      float[] b,
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
    FloatVector c0a = FloatVector.zero(S);
    FloatVector c0b = c0a;
    FloatVector c1a = c0a;
    FloatVector c1b = c0a;
    FloatVector c2a = c0a;
    FloatVector c2b = c0a;
    FloatVector c3a = c0a;
    FloatVector c3b = c0a;
    FloatVector c4a = c0a;
    FloatVector c4b = c0a;
    FloatVector c5a = c0a;
    FloatVector c5b = c0a;
    FloatVector c6a = c0a;
    FloatVector c6b = c0a;
    FloatVector c7a = c0a;
    FloatVector c7b = c0a;
    FloatVector c8a = c0a;
    FloatVector c8b = c0a;
    FloatVector c9a = c0a;
    FloatVector c9b = c0a;
    FloatVector c10a = c0a;
    FloatVector c10b = c0a;
    FloatVector c11a = c0a;
    FloatVector c11b = c0a;
    for (int k = 0; k < depth; k++) {
      int p = bAt + k * 2 * LANES;
      FloatVector ba = FloatVector.fromArray(S, b, p);
      FloatVector bb = FloatVector.fromArray(S, b, p + LANES);
      int q = aAt + k;
      FloatVector a0 = FloatVector.broadcast(S, a[q]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = FloatVector.broadcast(S, a[q + ROW]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = FloatVector.broadcast(S, a[q + 2 * ROW]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = FloatVector.broadcast(S, a[q + 3 * ROW]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      FloatVector a4 = FloatVector.broadcast(S, a[q + 4 * ROW]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = FloatVector.broadcast(S, a[q + 5 * ROW]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = FloatVector.broadcast(S, a[q + 6 * ROW]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = FloatVector.broadcast(S, a[q + 7 * ROW]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
      FloatVector a8 = FloatVector.broadcast(S, a[q + 8 * ROW]);
      c8a = a8.fma(ba, c8a);
      c8b = a8.fma(bb, c8b);
      FloatVector a9 = FloatVector.broadcast(S, a[q + 9 * ROW]);
      c9a = a9.fma(ba, c9a);
      c9b = a9.fma(bb, c9b);
      FloatVector a10 = FloatVector.broadcast(S, a[q + 10 * ROW]);
      c10a = a10.fma(ba, c10a);
      c10b = a10.fma(bb, c10b);
      FloatVector a11 = FloatVector.broadcast(S, a[q + 11 * ROW]);
      c11a = a11.fma(ba, c11a);
      c11b = a11.fma(bb, c11b);
    }
    c0a.add(FloatVector.fromMemorySegment(S, base, baseAt, ORDER)).intoMemorySegment(c, cAt, ORDER);
    c0b.add(FloatVector.fromMemorySegment(S, base, baseAt + BYTES, ORDER))
        .intoMemorySegment(c, cAt + BYTES, ORDER);
    c1a.add(FloatVector.fromMemorySegment(S, base, baseAt + baseRow, ORDER))
        .intoMemorySegment(c, cAt + cRow, ORDER);
    c1b.add(FloatVector.fromMemorySegment(S, base, baseAt + baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + cRow + BYTES, ORDER);
    c2a.add(FloatVector.fromMemorySegment(S, base, baseAt + 2 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 2 * cRow, ORDER);
    c2b.add(FloatVector.fromMemorySegment(S, base, baseAt + 2 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 2 * cRow + BYTES, ORDER);
    c3a.add(FloatVector.fromMemorySegment(S, base, baseAt + 3 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 3 * cRow, ORDER);
    c3b.add(FloatVector.fromMemorySegment(S, base, baseAt + 3 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 3 * cRow + BYTES, ORDER);
    c4a.add(FloatVector.fromMemorySegment(S, base, baseAt + 4 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 4 * cRow, ORDER);
    c4b.add(FloatVector.fromMemorySegment(S, base, baseAt + 4 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 4 * cRow + BYTES, ORDER);
    c5a.add(FloatVector.fromMemorySegment(S, base, baseAt + 5 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 5 * cRow, ORDER);
    c5b.add(FloatVector.fromMemorySegment(S, base, baseAt + 5 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 5 * cRow + BYTES, ORDER);
    c6a.add(FloatVector.fromMemorySegment(S, base, baseAt + 6 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 6 * cRow, ORDER);
    c6b.add(FloatVector.fromMemorySegment(S, base, baseAt + 6 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 6 * cRow + BYTES, ORDER);
    c7a.add(FloatVector.fromMemorySegment(S, base, baseAt + 7 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 7 * cRow, ORDER);
    c7b.add(FloatVector.fromMemorySegment(S, base, baseAt + 7 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 7 * cRow + BYTES, ORDER);
    c8a.add(FloatVector.fromMemorySegment(S, base, baseAt + 8 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 8 * cRow, ORDER);
    c8b.add(FloatVector.fromMemorySegment(S, base, baseAt + 8 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 8 * cRow + BYTES, ORDER);
    c9a.add(FloatVector.fromMemorySegment(S, base, baseAt + 9 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 9 * cRow, ORDER);
    c9b.add(FloatVector.fromMemorySegment(S, base, baseAt + 9 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 9 * cRow + BYTES, ORDER);
    c10a.add(FloatVector.fromMemorySegment(S, base, baseAt + 10 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 10 * cRow, ORDER);
    c10b.add(FloatVector.fromMemorySegment(S, base, baseAt + 10 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 10 * cRow + BYTES, ORDER);
    c11a.add(FloatVector.fromMemorySegment(S, base, baseAt + 11 * baseRow, ORDER))
        .intoMemorySegment(c, cAt + 11 * cRow, ORDER);
    c11b.add(FloatVector.fromMemorySegment(S, base, baseAt + 11 * baseRow + BYTES, ORDER))
        .intoMemorySegment(c, cAt + 11 * cRow + BYTES, ORDER);
  }
}
