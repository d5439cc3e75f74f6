package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of the lanes of eight float32 vectors at once, in a fixed order for each width: two vectors
 * exchange halves of their lanes and become one, until each lane stands for a vector.
 */
final class FloatLaneSums {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long BYTES = S.vectorByteSize();
  private static final VectorMask<Float> ODD = mask(1);
  private static final VectorMask<Float> SECOND = mask(2);
  private static final VectorMask<Float> FOURTH = mask(4);
  private static final VectorShuffle<Float> BY_ONE = exchange(1);
  private static final VectorShuffle<Float> BY_TWO = exchange(2);
  private static final VectorShuffle<Float> BY_FOUR = exchange(4);
  private static final VectorShuffle<Float> BY_EIGHT = exchange(8);

  private FloatLaneSums() {}

  /** Overwrites the first eight elements by the sums of the eight vectors that lie there. */
  static void compact(MemorySegment lanes) {
    if (!lanes.isNative()) {
      throw NativeSegments.onHeap(lanes);
    }
    FloatVector a = pair(lanes, 0);
    FloatVector b = pair(lanes, 2);
    FloatVector c = pair(lanes, 4);
    FloatVector d = pair(lanes, 6);
    FloatVector e = fold(a, b, SECOND, BY_TWO);
    FloatVector f = fold(c, d, SECOND, BY_TWO);
    if (LANES == 4) {
      e.intoMemorySegment(lanes, 0, ORDER);
      f.intoMemorySegment(lanes, BYTES, ORDER);
      return;
    }
    FloatVector g = fold(e, f, FOURTH, BY_FOUR);
    if (LANES > 8) {
      g = g.add(g.rearrange(BY_EIGHT));
    }
    g.intoMemorySegment(lanes, 0, ORDER);
  }

  private static FloatVector pair(MemorySegment lanes, int first) {
    FloatVector x = FloatVector.fromMemorySegment(S, lanes, first * BYTES, ORDER);
    FloatVector y = FloatVector.fromMemorySegment(S, lanes, (first + 1) * BYTES, ORDER);
    return fold(x, y, ODD, BY_ONE);
  }

  /** Where the mask is not set sums of x, where it is set sums of y. */
  private static FloatVector fold(
      FloatVector x, FloatVector y, VectorMask<Float> mask, VectorShuffle<Float> exchange) {
    return x.blend(y, mask).add(y.blend(x, mask).rearrange(exchange));
  }

  private static VectorMask<Float> mask(int bit) {
    boolean[] set = new boolean[LANES];
    for (int l = 0; l < LANES; l++) {
      set[l] = (l & bit) != 0;
    }
    return VectorMask.fromArray(S, set, 0);
  }

  /** Lanes at a distance change places; none do if there are too few. */
  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(S, l -> distance < LANES ? l ^ distance : l);
  }
}
