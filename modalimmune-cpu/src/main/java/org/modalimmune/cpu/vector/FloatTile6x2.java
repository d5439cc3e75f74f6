package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.Panels.ROW;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 tile of 6 rows by 2 vectors, for 16 registers: 12 sums, a row of B, and two elements of A
 * at a time.
 *
 * <p>Left alone, the compiler loads A's elements all at once, and sums end up in memory. A test
 * between two rows, which is an end of a basic block, keeps them apart. It costs one instruction
 * and never holds: both panels are longer than they are deep.
 */
final class FloatTile6x2 implements Tile<float[]> {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
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
      if (k == a.length) {
        break;
      }
      FloatVector a2 = FloatVector.broadcast(S, a[q + 2 * ROW]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = FloatVector.broadcast(S, a[q + 3 * ROW]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      if (k == b.length) {
        break;
      }
      FloatVector a4 = FloatVector.broadcast(S, a[q + 4 * ROW]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = FloatVector.broadcast(S, a[q + 5 * ROW]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
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
  }
}
