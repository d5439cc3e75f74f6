package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lays four dense lines of float32 side by side: blocks of 4 x 4 are transposed in registers, first
 * within pairs of elements, then pairs, so that memory sees whole vectors only.
 */
final class FloatQuartets {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT_QUARTET;
  private static final long SIZE = Float.BYTES;
  private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromValues(S, 1, 0, 3, 2);
  private static final VectorShuffle<Float> OTHER_PAIR = VectorShuffle.fromValues(S, 2, 3, 0, 1);
  private static final VectorMask<Float> ODD = VectorMask.fromValues(S, false, true, false, true);
  private static final VectorMask<Float> SECOND_PAIR =
      VectorMask.fromValues(S, false, false, true, true);

  private FloatQuartets() {}

  /**
   * Element i of line l goes to {@code target + i * step + l}.
   *
   * @param at position of the first line, in elements
   * @param line from one line to the next, in elements
   * @param count elements of a line; those beyond a multiple of four are left to the caller
   */
  static void transpose(
      MemorySegment from, long at, long line, int count, float[] to, int target, int step) {
    if (!from.isNative()) {
      throw NativeSegments.onHeap(from);
    }
    long row = line * SIZE;
    for (int i = 0; i <= count - 4; i += 4) {
      long p = (at + i) * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, from, p, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, from, p + row, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, from, p + 2 * row, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, from, p + 3 * row, ORDER);
      FloatVector evenAb = a.blend(b.rearrange(NEIGHBOUR), ODD);
      FloatVector oddAb = a.rearrange(NEIGHBOUR).blend(b, ODD);
      FloatVector evenCd = c.blend(d.rearrange(NEIGHBOUR), ODD);
      FloatVector oddCd = c.rearrange(NEIGHBOUR).blend(d, ODD);
      int q = target + i * step;
      evenAb.blend(evenCd.rearrange(OTHER_PAIR), SECOND_PAIR).intoArray(to, q);
      oddAb.blend(oddCd.rearrange(OTHER_PAIR), SECOND_PAIR).intoArray(to, q + step);
      evenAb.rearrange(OTHER_PAIR).blend(evenCd, SECOND_PAIR).intoArray(to, q + 2 * step);
      oddAb.rearrange(OTHER_PAIR).blend(oddCd, SECOND_PAIR).intoArray(to, q + 3 * step);
    }
  }

  /** The same to native memory. */
  static void transpose(
      MemorySegment from, long at, long line, int count, MemorySegment to, long target, long step) {
    if (!(from.isNative() && to.isNative())) {
      throw NativeSegments.onHeap(from, to);
    }
    long row = line * SIZE;
    long next = step * SIZE;
    for (int i = 0; i <= count - 4; i += 4) {
      long p = (at + i) * SIZE;
      FloatVector a = FloatVector.fromMemorySegment(S, from, p, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, from, p + row, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, from, p + 2 * row, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, from, p + 3 * row, ORDER);
      FloatVector evenAb = a.blend(b.rearrange(NEIGHBOUR), ODD);
      FloatVector oddAb = a.rearrange(NEIGHBOUR).blend(b, ODD);
      FloatVector evenCd = c.blend(d.rearrange(NEIGHBOUR), ODD);
      FloatVector oddCd = c.rearrange(NEIGHBOUR).blend(d, ODD);
      long q = (target + i * step) * SIZE;
      evenAb.blend(evenCd.rearrange(OTHER_PAIR), SECOND_PAIR).intoMemorySegment(to, q, ORDER);
      oddAb.blend(oddCd.rearrange(OTHER_PAIR), SECOND_PAIR).intoMemorySegment(to, q + next, ORDER);
      evenAb
          .rearrange(OTHER_PAIR)
          .blend(evenCd, SECOND_PAIR)
          .intoMemorySegment(to, q + 2 * next, ORDER);
      oddAb
          .rearrange(OTHER_PAIR)
          .blend(oddCd, SECOND_PAIR)
          .intoMemorySegment(to, q + 3 * next, ORDER);
    }
  }
}
