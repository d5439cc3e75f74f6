package org.modalimmune.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sum of the lanes of a float64 vector as a fixed tree: halves, quarters, eighths. The Vector API's
 * own lane sum has no defined order.
 */
final class LaneSum {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();
  private static final VectorShuffle<Double> NEIGHBOUR = exchange(1);
  private static final VectorShuffle<Double> SECOND = exchange(LANES > 2 ? 2 : 0);
  private static final VectorShuffle<Double> FOURTH = exchange(LANES > 4 ? 4 : 0);

  private LaneSum() {}

  static double of(DoubleVector v) {
    if (LANES > 4) {
      v = v.add(v.rearrange(FOURTH));
    }
    if (LANES > 2) {
      v = v.add(v.rearrange(SECOND));
    }
    return v.add(v.rearrange(NEIGHBOUR)).lane(0);
  }

  private static VectorShuffle<Double> exchange(int distance) {
    return VectorShuffle.fromOp(D, i -> i ^ distance);
  }
}
