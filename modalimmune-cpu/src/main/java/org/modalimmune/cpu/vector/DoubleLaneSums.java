package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of the lanes of eight float64 vectors at once, in a fixed order for each width: two vectors
 * exchange halves of their lanes and become one, until each lane stands for a vector.
 */
final class DoubleLaneSums {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long BYTES = S.vectorByteSize();
  private static final VectorMask<Double> ODD = mask(1);
  private static final VectorMask<Double> SECOND = mask(2);
  private static final VectorMask<Double> FOURTH = mask(4);
  private static final VectorShuffle<Double> BY_ONE = exchange(1);
  private static final VectorShuffle<Double> BY_TWO = exchange(2);
  private static final VectorShuffle<Double> BY_FOUR = exchange(4);

  private DoubleLaneSums() {}

  /** Overwrites the first eight elements by the sums of the eight vectors that lie there. */
  static void compact(MemorySegment lanes) {
    if (!lanes.isNative()) {
      throw NativeSegments.onHeap(lanes);
    }
    DoubleVector a = pair(lanes, 0);
    DoubleVector b = pair(lanes, 2);
    DoubleVector c = pair(lanes, 4);
    DoubleVector d = pair(lanes, 6);
    if (LANES == 2) {
      a.intoMemorySegment(lanes, 0, ORDER);
      b.intoMemorySegment(lanes, BYTES, ORDER);
      c.intoMemorySegment(lanes, 2 * BYTES, ORDER);
      d.intoMemorySegment(lanes, 3 * BYTES, ORDER);
      return;
    }
    DoubleVector e = fold(a, b, SECOND, BY_TWO);
    DoubleVector f = fold(c, d, SECOND, BY_TWO);
    if (LANES == 4) {
      e.intoMemorySegment(lanes, 0, ORDER);
      f.intoMemorySegment(lanes, BYTES, ORDER);
      return;
    }
    DoubleVector g = fold(e, f, FOURTH, BY_FOUR);
    g.intoMemorySegment(lanes, 0, ORDER);
  }

  private static DoubleVector pair(MemorySegment lanes, int first) {
    DoubleVector x = DoubleVector.fromMemorySegment(S, lanes, first * BYTES, ORDER);
    DoubleVector y = DoubleVector.fromMemorySegment(S, lanes, (first + 1) * BYTES, ORDER);
    return fold(x, y, ODD, BY_ONE);
  }

  /** Where the mask is not set sums of x, where it is set sums of y. */
  private static DoubleVector fold(
      DoubleVector x, DoubleVector y, VectorMask<Double> mask, VectorShuffle<Double> exchange) {
    return x.blend(y, mask).add(y.blend(x, mask).rearrange(exchange));
  }

  private static VectorMask<Double> mask(int bit) {
    boolean[] set = new boolean[LANES];
    for (int l = 0; l < LANES; l++) {
      set[l] = (l & bit) != 0;
    }
    return VectorMask.fromArray(S, set, 0);
  }

  /** Lanes at a distance change places; none do if there are too few. */
  private static VectorShuffle<Double> exchange(int distance) {
    return VectorShuffle.fromOp(S, l -> distance < LANES ? l ^ distance : l);
  }
}
