package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;

/**
 * The columns of a float64 matrix that do not fill a vector, one at a time. Masked vectors would be
 * too much code for the first compiler, and boxed until the second one is done.
 */
final class DoubleGramTail {
  private static final long SIZE = 8;

  /** Scales up to this, and down to its inverse, leave vectors in the range. */
  private static final double FAR = 0x1p512;

  /** Ratio of scales up to which one gain serves all columns. */
  private static final double SPREAD = 0x1p256;

  private DoubleGramTail() {}

  /**
   * Adds one row's products with two vectors to the lanes of its accumulators.
   *
   * @param from first column, that of lane 0
   */
  static void products(
      MemorySegment z,
      long p,
      MemorySegment c,
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
      double x = z.get(JAVA_DOUBLE, p + d) + c.get(JAVA_DOUBLE, shift + d);
      add(lanes, first + lane, x, v.get(JAVA_DOUBLE, q + d));
      add(lanes, second + lane, x, v.get(JAVA_DOUBLE, next + d));
    }
  }

  private static void add(MemorySegment to, long at, double x, double y) {
    to.set(JAVA_DOUBLE, at, Math.fma(x, y, to.get(JAVA_DOUBLE, at)));
  }

  /** Adds one row, times a factor each, to two vectors. */
  static void accumulate(
      MemorySegment z,
      long p,
      MemorySegment c,
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
      double x = z.get(JAVA_DOUBLE, p + d) + c.get(JAVA_DOUBLE, shift + d);
      add(y, q + d, x, t0);
      add(y, next + d, x, t1);
    }
  }

  /** Positions in bytes. */
  static void deflate(
      GramMatrix given,
      long p,
      int from,
      double factor,
      double part,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at) {
    MemorySegment c = given.affine();
    for (int j = from; j < given.columns(); j++) {
      long d = j * SIZE;
      double x =
          Math.fma(
              given.z().get(JAVA_DOUBLE, p + d),
              c.getAtIndex(JAVA_DOUBLE, given.scale() + j),
              c.getAtIndex(JAVA_DOUBLE, given.shift() + j));
      x += c.getAtIndex(JAVA_DOUBLE, given.rest() + j);
      out.set(JAVA_DOUBLE, at + d, Math.fma(v.get(JAVA_DOUBLE, vAt + d), part, x) * factor);
    }
  }

  /**
   * Writes scale, shift / scale and rest of each column.
   *
   * @return the largest scale, 0 if the quotients are of no use
   */
  static double unscale(GramMatrix given, MemorySegment to, long at) {
    MemorySegment c = given.affine();
    if (!(c.isNative() && to.isNative())) {
      throw NativeSegments.onHeap(c, to);
    }
    int n = given.columns();
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    boolean exact = true;
    for (int j = 0; j < n; j++) {
      double scale = c.getAtIndex(JAVA_DOUBLE, given.scale() + j);
      double shift = c.getAtIndex(JAVA_DOUBLE, given.shift() + j);
      double rest = c.getAtIndex(JAVA_DOUBLE, given.rest() + j);
      double quotient = scale == 0 ? 0 : shift / scale;
      exact &= scale == 0 || quotient * scale == shift;
      largest = Math.max(largest, scale);
      smallest = Math.min(smallest, scale == 0 ? smallest : scale);
      to.setAtIndex(JAVA_DOUBLE, at + j, scale);
      to.setAtIndex(JAVA_DOUBLE, at + n + j, quotient);
      to.setAtIndex(JAVA_DOUBLE, at + 2L * n + j, scale == 0 ? shift + rest : rest);
    }
    if (largest == 0) {
      return 1;
    }
    boolean near = largest <= FAR && smallest >= 1 / FAR && largest <= SPREAD * smallest;
    return exact && near ? largest : 0;
  }

  static void narrow(
      MemorySegment c,
      long scale,
      MemorySegment from,
      long p,
      MemorySegment to,
      long q,
      int first,
      int n) {
    for (int j = first; j < n; j++) {
      double x = from.getAtIndex(JAVA_DOUBLE, p + j) * c.getAtIndex(JAVA_DOUBLE, scale + j);
      to.setAtIndex(JAVA_DOUBLE, q + j, x);
    }
  }

  /** In float64; two sums, since one would wait for each addition. */
  static double dot(MemorySegment x, long p, MemorySegment y, long q, int n) {
    if (!(x.isNative() && y.isNative())) {
      throw NativeSegments.onHeap(x, y);
    }
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j < n - 1; j += 2) {
      even += x.getAtIndex(JAVA_DOUBLE, p + j) * y.getAtIndex(JAVA_DOUBLE, q + j);
      odd += x.getAtIndex(JAVA_DOUBLE, p + j + 1) * y.getAtIndex(JAVA_DOUBLE, q + j + 1);
    }
    if (j < n) {
      even += x.getAtIndex(JAVA_DOUBLE, p + j) * y.getAtIndex(JAVA_DOUBLE, q + j);
    }
    return even + odd;
  }

  static void rescale(
      GramMatrix a,
      int column,
      int from,
      int n,
      MemorySegment sums,
      long p,
      double total,
      MemorySegment out,
      long q) {
    MemorySegment c = a.affine();
    for (int j = from; j < n; j++) {
      double scale = c.getAtIndex(JAVA_DOUBLE, a.scale() + column + j) / a.gain();
      double rest = c.getAtIndex(JAVA_DOUBLE, a.rest() + column + j) * total;
      double sum = scale == 0 ? 0 : sums.getAtIndex(JAVA_DOUBLE, p + j);
      out.setAtIndex(JAVA_DOUBLE, q + j, Math.fma(sum, scale, rest));
    }
  }

  static void flush(MemorySegment y, long p, MemorySegment sums, long q, int from, int n) {
    for (int j = from; j < n; j++) {
      double sum = sums.getAtIndex(JAVA_DOUBLE, q + j);
      sums.setAtIndex(JAVA_DOUBLE, q + j, sum + y.getAtIndex(JAVA_DOUBLE, p + j));
      y.setAtIndex(JAVA_DOUBLE, p + j, 0);
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
      double centre = pivot.getAtIndex(JAVA_DOUBLE, pivotAt + j);
      long place = at + j;
      double s = moments.getAtIndex(JAVA_DOUBLE, place);
      double q = moments.getAtIndex(JAVA_DOUBLE, place + n);
      double least = moments.getAtIndex(JAVA_DOUBLE, place + 2L * n);
      double largest = moments.getAtIndex(JAVA_DOUBLE, place + 3L * n);
      for (int r = 0; r < rows; r++) {
        double x = z.get(JAVA_DOUBLE, (p + r * stride + j) * SIZE);
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
