package org.modalimmune.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sum of the lanes of a vector as a fixed tree: halves, quarters, eighths. The Vector API's own
 * lane sum has no defined order.
 */
final class LaneSum {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();
  private static final VectorShuffle<Double> NEIGHBOUR = exchange(D, 1);
  private static final VectorShuffle<Double> SECOND = exchange(D, LANES > 2 ? 2 : 0);
  private static final VectorShuffle<Double> FOURTH = exchange(D, LANES > 4 ? 4 : 0);

  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int FLOATS = S.length();
  private static final VectorShuffle<Float> FLOAT_NEIGHBOUR = exchange(S, 1);
  private static final VectorShuffle<Float> FLOAT_SECOND = exchange(S, FLOATS > 2 ? 2 : 0);
  private static final VectorShuffle<Float> FLOAT_FOURTH = exchange(S, FLOATS > 4 ? 4 : 0);
  private static final VectorShuffle<Float> FLOAT_EIGHTH = exchange(S, FLOATS > 8 ? 8 : 0);

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

  static float of(FloatVector v) {
    if (FLOATS > 8) {
      v = v.add(v.rearrange(FLOAT_EIGHTH));
    }
    if (FLOATS > 4) {
      v = v.add(v.rearrange(FLOAT_FOURTH));
    }
    if (FLOATS > 2) {
      v = v.add(v.rearrange(FLOAT_SECOND));
    }
    return v.add(v.rearrange(FLOAT_NEIGHBOUR)).lane(0);
  }

  private static <E> VectorShuffle<E> exchange(VectorSpecies<E> species, int distance) {
    return VectorShuffle.fromOp(species, i -> i ^ distance);
  }
}
