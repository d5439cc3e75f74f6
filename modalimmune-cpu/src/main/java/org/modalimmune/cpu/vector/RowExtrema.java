package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Largest element of dense elements times a sign; NaN if there is one. The least element is that of
 * sign -1, negated. Positions are in elements.
 */
final class RowExtrema {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;

  private RowExtrema() {}

  static float floats(float sign, MemorySegment x, long p, int n) {
    int lanes = S.length();
    FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - 4 * lanes; i += 4 * lanes) {
      long at = (p + i) * 4;
      FloatVector u = FloatVector.fromMemorySegment(S, x, at, ORDER).mul(sign);
      FloatVector v = FloatVector.fromMemorySegment(S, x, at + lanes * 4L, ORDER).mul(sign);
      FloatVector w = FloatVector.fromMemorySegment(S, x, at + lanes * 8L, ORDER).mul(sign);
      FloatVector y = FloatVector.fromMemorySegment(S, x, at + lanes * 12L, ORDER).mul(sign);
      a = a.blend(u, a.compare(LT, u));
      b = b.blend(v, b.compare(LT, v));
      c = c.blend(w, c.compare(LT, w));
      d = d.blend(y, d.compare(LT, y));
      sum = sum.add(u.add(v).add(w.add(y)));
    }
    if (sum.test(IS_NAN).anyTrue()) {
      // a NaN, which the comparisons pass over, or infinities of both signs
      i = 0;
    }
    for (; i < n; i += lanes) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector u = FloatVector.fromMemorySegment(S, x, (p + i) * 4, ORDER, m).mul(sign);
      a = a.lanewise(MAX, u, m);
    }
    return a.max(b).max(c.max(d)).reduceLanes(MAX);
  }

  static double doubles(double sign, MemorySegment x, long p, int n) {
    int lanes = D.length();
    DoubleVector a = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
    DoubleVector b = a;
    int i = 0;
    for (; i <= n - 2 * lanes; i += 2 * lanes) {
      long at = (p + i) * 8;
      a = a.max(DoubleVector.fromMemorySegment(D, x, at, ORDER).mul(sign));
      b = b.max(DoubleVector.fromMemorySegment(D, x, at + lanes * 8L, ORDER).mul(sign));
    }
    for (; i < n; i += lanes) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector u = DoubleVector.fromMemorySegment(D, x, (p + i) * 8, ORDER, m).mul(sign);
      a = a.lanewise(MAX, u, m);
    }
    return a.max(b).reduceLanes(MAX);
  }
}
