package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * The columns of a float32 matrix that do not fill a vector, one at a time. Masked vectors would be
 * too much code for the first compiler, and boxed until the second one is done.
 */
final class FloatGramTail {
  private static final long SIZE = 4;

  private FloatGramTail() {}

  /**
   * Adds one row's products with two vectors to the lanes of its accumulators.
   *
   * @param from first column, that of lane 0
   */
  static void products(
      MemorySegment z,
      long p,
      MemorySegment c,
      long scale,
      long shift,
      int from,
      int n,
      MemorySegment v,
      long q,
      long next,
      MemorySegment lanes,
      long first,
      long second) {
    for (int j = from; j < n; j++) {
      long d = j * SIZE;
      long lane = (j - from) * SIZE;
      float x =
          Math.fma(
              z.get(JAVA_FLOAT, p + d), c.get(JAVA_FLOAT, scale + d), c.get(JAVA_FLOAT, shift + d));
      add(lanes, first + lane, x, v.get(JAVA_FLOAT, q + d));
      add(lanes, second + lane, x, v.get(JAVA_FLOAT, next + d));
    }
  }

  private static void add(MemorySegment to, long at, float x, float y) {
    to.set(JAVA_FLOAT, at, Math.fma(x, y, to.get(JAVA_FLOAT, at)));
  }

  /** Adds one row, times a factor each, to two vectors. */
  static void accumulate(
      MemorySegment z,
      long p,
      MemorySegment c,
      long scale,
      long shift,
      int from,
      int n,
      double t0,
      double t1,
      MemorySegment y,
      long q,
      long next) {
    for (int j = from; j < n; j++) {
      long d = j * SIZE;
      float x =
          Math.fma(
              z.get(JAVA_FLOAT, p + d), c.get(JAVA_FLOAT, scale + d), c.get(JAVA_FLOAT, shift + d));
      add(y, q + d, x, (float) t0);
      add(y, next + d, x, (float) t1);
    }
  }

  static void deflate(
      GramMatrix a,
      long p,
      int from,
      float factor,
      float part,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at) {
    MemorySegment c = a.affine();
    for (int j = from; j < a.columns(); j++) {
      float x =
          Math.fma(
              a.z().get(JAVA_FLOAT, p + j * SIZE),
              c.getAtIndex(JAVA_FLOAT, a.scale() + j),
              c.getAtIndex(JAVA_FLOAT, a.shift() + j));
      x += c.getAtIndex(JAVA_FLOAT, a.rest() + j);
      out.setAtIndex(
          JAVA_FLOAT, at + j, Math.fma(v.getAtIndex(JAVA_FLOAT, vAt + j), part, x) * factor);
    }
  }

  static void addScaled(
      double factor, MemorySegment x, long p, MemorySegment sums, long q, int from, int n) {
    for (int j = from; j < n; j++) {
      double sum = sums.getAtIndex(JAVA_DOUBLE, q + j);
      sums.setAtIndex(JAVA_DOUBLE, q + j, Math.fma(x.getAtIndex(JAVA_FLOAT, p + j), factor, sum));
    }
  }

  /** One column at a time; a NaN that a comparison misses shows in the squares. */
  static void moments(
      MemorySegment z,
      long p,
      long stride,
      int rows,
      int from,
      int n,
      MemorySegment pivot,
      long pivotAt,
      MemorySegment moments,
      long at) {
    for (int j = from; j < n; j++) {
      double centre = pivot.getAtIndex(JAVA_FLOAT, pivotAt + j);
      long place = at + j;
      double s = moments.getAtIndex(JAVA_DOUBLE, place);
      double q = moments.getAtIndex(JAVA_DOUBLE, place + n);
      double least = moments.getAtIndex(JAVA_DOUBLE, place + 2L * n);
      double largest = moments.getAtIndex(JAVA_DOUBLE, place + 3L * n);
      for (int r = 0; r < rows; r++) {
        double x = z.get(JAVA_FLOAT, (p + r * stride + j) * SIZE);
        double e = x - centre;
        s += e;
        q = Math.fma(e, e, q);
        least = x < least ? x : least;
        largest = x > largest ? x : largest;
      }
      moments.setAtIndex(JAVA_DOUBLE, place, s);
      moments.setAtIndex(JAVA_DOUBLE, place + n, q);
      moments.setAtIndex(JAVA_DOUBLE, place + 2L * n, least);
      moments.setAtIndex(JAVA_DOUBLE, place + 3L * n, largest);
    }
  }
}
