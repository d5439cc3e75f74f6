package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums of float64 numbers in a fixed order, whatever the width; positions are in elements. */
final class Sums {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();

  private Sums() {}

  /** {@code sums += x}. */
  static void add(MemorySegment x, long p, MemorySegment sums, long q, long n) {
    if (!(x.isNative() && sums.isNative())) {
      throw NativeSegments.onHeap(x, sums);
    }
    long j = 0;
    for (; j <= n - LANES; j += LANES) {
      long to = (q + j) * 8;
      DoubleVector.fromMemorySegment(D, sums, to, ORDER)
          .add(DoubleVector.fromMemorySegment(D, x, (p + j) * 8, ORDER))
          .intoMemorySegment(sums, to, ORDER);
    }
    for (; j < n; j++) {
      double sum = sums.getAtIndex(JAVA_DOUBLE, q + j);
      sums.setAtIndex(JAVA_DOUBLE, q + j, sum + x.getAtIndex(JAVA_DOUBLE, p + j));
    }
  }

  /** Four partial sums, since one would wait for each addition. */
  static double of(MemorySegment x, long p, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      a += x.getAtIndex(JAVA_DOUBLE, p + i);
      b += x.getAtIndex(JAVA_DOUBLE, p + i + 1);
      c += x.getAtIndex(JAVA_DOUBLE, p + i + 2);
      d += x.getAtIndex(JAVA_DOUBLE, p + i + 3);
    }
    for (; i < n; i++) {
      a += x.getAtIndex(JAVA_DOUBLE, p + i);
    }
    return a + b + (c + d);
  }
}
