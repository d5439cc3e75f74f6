package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.F2D;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over dense elements in float64, four vectors of partial sums. Positions are in elements.
 *
 * <p>Float32 elements and their products are exact in float64, so that a sum of n of them has an
 * absolute error of at most about n / (4 lanes) 2^-53 times the sum of magnitudes.
 */
final class RowSums {
  private static final VectorSpecies<Float> F = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();
  private static final int STEP = 4 * LANES;

  private RowSums() {}

  static double sumFloats(MemorySegment x, long p, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    int i = 0;
    for (; i <= n - STEP; i += STEP) {
      long at = (p + i) * 4;
      a = a.add(FloatVector.fromMemorySegment(F, x, at, ORDER).convertShape(F2D, D, 0));
      b =
          b.add(
              FloatVector.fromMemorySegment(F, x, at + LANES * 4L, ORDER).convertShape(F2D, D, 0));
      c =
          c.add(
              FloatVector.fromMemorySegment(F, x, at + LANES * 8L, ORDER).convertShape(F2D, D, 0));
      d =
          d.add(
              FloatVector.fromMemorySegment(F, x, at + LANES * 12L, ORDER).convertShape(F2D, D, 0));
    }
    for (; i < n; i += LANES) {
      VectorMask<Float> m = F.indexInRange(i, n);
      a = a.add(FloatVector.fromMemorySegment(F, x, (p + i) * 4, ORDER, m).convertShape(F2D, D, 0));
    }
    return LaneSum.of(a.add(b).add(c.add(d)));
  }

  static double sumDoubles(MemorySegment x, long p, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    int i = 0;
    for (; i <= n - STEP; i += STEP) {
      long at = (p + i) * 8;
      a = a.add(DoubleVector.fromMemorySegment(D, x, at, ORDER));
      b = b.add(DoubleVector.fromMemorySegment(D, x, at + LANES * 8L, ORDER));
      c = c.add(DoubleVector.fromMemorySegment(D, x, at + LANES * 16L, ORDER));
      d = d.add(DoubleVector.fromMemorySegment(D, x, at + LANES * 24L, ORDER));
    }
    for (; i < n; i += LANES) {
      VectorMask<Double> m = D.indexInRange(i, n);
      a = a.add(DoubleVector.fromMemorySegment(D, x, (p + i) * 8, ORDER, m));
    }
    return LaneSum.of(a.add(b).add(c.add(d)));
  }

  static double dotFloats(MemorySegment x, long p, MemorySegment y, long q, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    int i = 0;
    for (; i <= n - STEP; i += STEP) {
      long u = (p + i) * 4;
      long v = (q + i) * 4;
      a =
          ((DoubleVector) FloatVector.fromMemorySegment(F, x, u, ORDER).convertShape(F2D, D, 0))
              .fma(
                  ((DoubleVector)
                      FloatVector.fromMemorySegment(F, y, v, ORDER).convertShape(F2D, D, 0)),
                  a);
      b =
          ((DoubleVector)
                  FloatVector.fromMemorySegment(F, x, u + LANES * 4L, ORDER)
                      .convertShape(F2D, D, 0))
              .fma(
                  ((DoubleVector)
                      FloatVector.fromMemorySegment(F, y, v + LANES * 4L, ORDER)
                          .convertShape(F2D, D, 0)),
                  b);
      c =
          ((DoubleVector)
                  FloatVector.fromMemorySegment(F, x, u + LANES * 8L, ORDER)
                      .convertShape(F2D, D, 0))
              .fma(
                  ((DoubleVector)
                      FloatVector.fromMemorySegment(F, y, v + LANES * 8L, ORDER)
                          .convertShape(F2D, D, 0)),
                  c);
      d =
          ((DoubleVector)
                  FloatVector.fromMemorySegment(F, x, u + LANES * 12L, ORDER)
                      .convertShape(F2D, D, 0))
              .fma(
                  ((DoubleVector)
                      FloatVector.fromMemorySegment(F, y, v + LANES * 12L, ORDER)
                          .convertShape(F2D, D, 0)),
                  d);
    }
    for (; i < n; i += LANES) {
      VectorMask<Float> m = F.indexInRange(i, n);
      FloatVector u = FloatVector.fromMemorySegment(F, x, (p + i) * 4, ORDER, m);
      FloatVector v = FloatVector.fromMemorySegment(F, y, (q + i) * 4, ORDER, m);
      a = a.add(u.convertShape(F2D, D, 0).mul(v.convertShape(F2D, D, 0)));
    }
    return LaneSum.of(a.add(b).add(c.add(d)));
  }

  static double dotDoubles(MemorySegment x, long p, MemorySegment y, long q, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      long xAt = (p + i) * 8;
      long yAt = (q + i) * 8;
      a =
          DoubleVector.fromMemorySegment(D, x, xAt, ORDER)
              .fma(DoubleVector.fromMemorySegment(D, y, yAt, ORDER), a);
      b =
          DoubleVector.fromMemorySegment(D, x, xAt + LANES * 8L, ORDER)
              .fma(DoubleVector.fromMemorySegment(D, y, yAt + LANES * 8L, ORDER), b);
    }
    for (; i < n; i += LANES) {
      VectorMask<Double> m = D.indexInRange(i, n);
      DoubleVector u = DoubleVector.fromMemorySegment(D, x, (p + i) * 8, ORDER, m);
      a = u.fma(DoubleVector.fromMemorySegment(D, y, (q + i) * 8, ORDER, m), a);
    }
    return LaneSum.of(a.add(b));
  }
}
