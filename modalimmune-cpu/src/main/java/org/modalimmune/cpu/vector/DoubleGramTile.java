package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows of a float64 matrix times vectors: four rows and two vectors at a time. */
final class DoubleGramTile implements GramTile {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = D.length();
  private static final long SIZE = 8;
  private static final long BYTES = LANES * SIZE;

  @Override
  public int size() {
    return (int) SIZE;
  }

  @Override
  public void forward(
      GramMatrix a,
      int row,
      int rows,
      int column,
      int n,
      MemorySegment v,
      long vAt,
      long vStride,
      int k,
      MemorySegment before,
      long beforeAt,
      long beforeStride,
      long beforeStep,
      MemorySegment t,
      long tAt,
      long tStride,
      MemorySegment lanes) {
    long p = a.at(row, column) * SIZE;
    long step = a.rowStride() * SIZE;
    // rows and vectors that are missing are stood in for by the first; their sums are dropped
    long second = rows > 1 ? p + step : p;
    long third = rows > 2 ? p + 2 * step : p;
    long fourth = rows > 3 ? p + 3 * step : p;
    long shift = (a.shift() + column) * SIZE;
    for (int b = 0; b < k; b += 2) {
      boolean two = b + 1 < k;
      long q = (vAt + b * vStride) * SIZE;
      long next = two ? q + vStride * SIZE : q;
      products(a.z(), p, second, third, fourth, a.affine(), shift, n, v, q, next, lanes);
      for (int r = 0; r < rows && n % LANES != 0; r++) {
        DoubleGramTail.products(
            a.z(),
            p + r * step,
            a.affine(),
            shift,
            n - n % LANES,
            n,
            v,
            q,
            next,
            lanes,
            r * BYTES,
            (ROWS + r) * BYTES);
      }
      DoubleLaneSums.compact(lanes);
      for (int c = 0; c < (two ? 2 : 1); c++) {
        long from = beforeAt + (b + c) * beforeStride;
        add(lanes, c * ROWS, rows, before, from, beforeStep, t, tAt + (b + c) * tStride);
      }
    }
  }

  private static void add(
      MemorySegment sums,
      int first,
      int rows,
      MemorySegment before,
      long from,
      long step,
      MemorySegment t,
      long at) {
    if (rows == ROWS && step == 0 && LANES <= ROWS) {
      addAll(sums, first, before.getAtIndex(JAVA_DOUBLE, from), t, at);
      return;
    }
    for (int r = 0; r < rows; r++) {
      double x = before.getAtIndex(JAVA_DOUBLE, from + r * step);
      t.setAtIndex(JAVA_DOUBLE, at + r, x + sums.getAtIndex(JAVA_DOUBLE, first + r));
    }
  }

  /** The same for four rows that share what was before. */
  private static void addAll(
      MemorySegment sums, int first, double before, MemorySegment t, long at) {
    if (!(sums.isNative() && t.isNative())) {
      throw NativeSegments.onHeap(sums, t);
    }
    for (int r = 0; r < ROWS; r += LANES) {
      DoubleVector.fromMemorySegment(D, sums, (first + r) * SIZE, ORDER)
          .add(before)
          .intoMemorySegment(t, (at + r) * SIZE, ORDER);
    }
  }

  /**
   * Four rows times two vectors, each product as a vector of partial sums. One of them is stored at
   * every step: the compiler may then not bring the loads of later steps forward, for which it
   * would spill sums, and each step would wait for the memory.
   */
  private static void products(
      MemorySegment z,
      long p0,
      long p1,
      long p2,
      long p3,
      MemorySegment c,
      long shift,
      int n,
      MemorySegment v,
      long q,
      long next,
      MemorySegment lanes) {
    if (!(z.isNative() && c.isNative() && v.isNative() && lanes.isNative())) {
      throw NativeSegments.onHeap(z, c, v, lanes);
    }
    DoubleVector s00 = DoubleVector.zero(D);
    DoubleVector s01 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    for (int j = 0; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      DoubleVector g = DoubleVector.fromMemorySegment(D, c, shift + d, ORDER);
      DoubleVector v0 = DoubleVector.fromMemorySegment(D, v, q + d, ORDER);
      DoubleVector v1 = DoubleVector.fromMemorySegment(D, v, next + d, ORDER);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, z, p0 + d, ORDER).add(g);
      s00 = x0.fma(v0, s00);
      s01 = x0.fma(v1, s01);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, z, p1 + d, ORDER).add(g);
      s10 = x1.fma(v0, s10);
      s11 = x1.fma(v1, s11);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, z, p2 + d, ORDER).add(g);
      s20 = x2.fma(v0, s20);
      s21 = x2.fma(v1, s21);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, z, p3 + d, ORDER).add(g);
      s30 = x3.fma(v0, s30);
      s31 = x3.fma(v1, s31);
      s31.intoMemorySegment(lanes, 7 * BYTES, ORDER);
    }
    s00.intoMemorySegment(lanes, 0, ORDER);
    s10.intoMemorySegment(lanes, BYTES, ORDER);
    s20.intoMemorySegment(lanes, 2 * BYTES, ORDER);
    s30.intoMemorySegment(lanes, 3 * BYTES, ORDER);
    s01.intoMemorySegment(lanes, 4 * BYTES, ORDER);
    s11.intoMemorySegment(lanes, 5 * BYTES, ORDER);
    s21.intoMemorySegment(lanes, 6 * BYTES, ORDER);
    s31.intoMemorySegment(lanes, 7 * BYTES, ORDER);
  }

  @Override
  public void backward(
      GramMatrix a,
      int row,
      int rows,
      int column,
      int n,
      MemorySegment t,
      long tAt,
      long tStride,
      int k,
      MemorySegment y,
      long yAt,
      long yStride) {
    long p = a.at(row, column) * SIZE;
    long step = a.rowStride() * SIZE;
    // rows that are missing are stood in for by the first, times 0
    long second = rows > 1 ? p + step : p;
    long third = rows > 2 ? p + 2 * step : p;
    long fourth = rows > 3 ? p + 3 * step : p;
    long shift = (a.shift() + column) * SIZE;
    for (int b = 0; b < k; b += 2) {
      long at = tAt + b * tStride;
      // the partner of a last single vector gathers what no one reads
      long other = b + 1 < k ? at + tStride : at;
      long q = (yAt + b * yStride) * SIZE;
      long next = q + yStride * SIZE;
      accumulate(
          a.z(),
          p,
          second,
          third,
          fourth,
          a.affine(),
          shift,
          n,
          a.gain(),
          t,
          at,
          other,
          rows,
          y,
          q,
          next);
      for (int r = 0; r < rows && n % LANES != 0; r++) {
        DoubleGramTail.accumulate(
            a.z(),
            p + r * step,
            a.affine(),
            shift,
            n - n % LANES,
            n,
            (a.gain() * t.getAtIndex(JAVA_DOUBLE, at + r)),
            (a.gain() * t.getAtIndex(JAVA_DOUBLE, other + r)),
            y,
            q,
            next);
      }
    }
  }

  /** Adds four rows, each times a factor, to two vectors. */
  private static void accumulate(
      MemorySegment z,
      long p0,
      long p1,
      long p2,
      long p3,
      MemorySegment c,
      long shift,
      int n,
      double gain,
      MemorySegment t,
      long at,
      long other,
      int rows,
      MemorySegment y,
      long q,
      long next) {
    if (!(z.isNative() && c.isNative() && y.isNative())) {
      throw NativeSegments.onHeap(z, c, y);
    }
    DoubleVector t00 = factor(gain, t, at, 0, rows);
    DoubleVector t01 = factor(gain, t, other, 0, rows);
    DoubleVector t10 = factor(gain, t, at, 1, rows);
    DoubleVector t11 = factor(gain, t, other, 1, rows);
    DoubleVector t20 = factor(gain, t, at, 2, rows);
    DoubleVector t21 = factor(gain, t, other, 2, rows);
    DoubleVector t30 = factor(gain, t, at, 3, rows);
    DoubleVector t31 = factor(gain, t, other, 3, rows);
    for (int j = 0; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      DoubleVector g = DoubleVector.fromMemorySegment(D, c, shift + d, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, y, q + d, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, y, next + d, ORDER);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, z, p0 + d, ORDER).add(g);
      y0 = x0.fma(t00, y0);
      y1 = x0.fma(t01, y1);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, z, p1 + d, ORDER).add(g);
      y0 = x1.fma(t10, y0);
      y1 = x1.fma(t11, y1);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, z, p2 + d, ORDER).add(g);
      y0 = x2.fma(t20, y0);
      y1 = x2.fma(t21, y1);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, z, p3 + d, ORDER).add(g);
      y0 = x3.fma(t30, y0);
      y1 = x3.fma(t31, y1);
      y0.intoMemorySegment(y, q + d, ORDER);
      y1.intoMemorySegment(y, next + d, ORDER);
    }
  }

  private static DoubleVector factor(double gain, MemorySegment t, long at, int r, int rows) {
    double x = r < rows ? gain * t.getAtIndex(JAVA_DOUBLE, at + r) : 0;
    return DoubleVector.broadcast(D, x);
  }

  @Override
  public void deflate(
      GramMatrix given,
      int row,
      int rows,
      double f,
      MemorySegment along,
      long alongAt,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at) {
    long p = given.at(row, 0) * SIZE;
    long step = given.rowStride() * SIZE;
    long q = at * SIZE;
    long width = given.columns() * SIZE;
    double factor = f;
    int r = 0;
    for (; r < rows - 1; r += 2) {
      double part = -along.getAtIndex(JAVA_DOUBLE, alongAt + r);
      double next = -along.getAtIndex(JAVA_DOUBLE, alongAt + r + 1);
      deflate(given, p, p + step, factor, part, next, v, vAt * SIZE, out, q, q + width);
      p += 2 * step;
      q += 2 * width;
    }
    if (r < rows) {
      double part = -along.getAtIndex(JAVA_DOUBLE, alongAt + r);
      deflate(given, p, p, factor, part, part, v, vAt * SIZE, out, q, q);
    }
  }

  /** Two rows, or one twice. */
  private static void deflate(
      GramMatrix given,
      long p0,
      long p1,
      double factor,
      double part0,
      double part1,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long q0,
      long q1) {
    MemorySegment z = given.z();
    MemorySegment c = given.affine();
    if (!(z.isNative() && c.isNative() && v.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(z, c, v, out);
    }
    int n = given.columns();
    long scales = given.scale() * SIZE;
    long shifts = given.shift() * SIZE;
    long rests = given.rest() * SIZE;
    DoubleVector along0 = DoubleVector.broadcast(D, part0);
    DoubleVector along1 = DoubleVector.broadcast(D, part1);
    DoubleVector f = DoubleVector.broadcast(D, factor);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      DoubleVector scale = DoubleVector.fromMemorySegment(D, c, scales + d, ORDER);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, c, shifts + d, ORDER);
      DoubleVector rest = DoubleVector.fromMemorySegment(D, c, rests + d, ORDER);
      DoubleVector w = DoubleVector.fromMemorySegment(D, v, vAt + d, ORDER);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, z, p0 + d, ORDER).fma(scale, shift);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, z, p1 + d, ORDER).fma(scale, shift);
      w.fma(along0, x0.add(rest)).mul(f).intoMemorySegment(out, q0 + d, ORDER);
      w.fma(along1, x1.add(rest)).mul(f).intoMemorySegment(out, q1 + d, ORDER);
    }
    DoubleGramTail.deflate(given, p0, j, factor, part0, v, vAt, out, q0);
    DoubleGramTail.deflate(given, p1, j, factor, part1, v, vAt, out, q1);
  }

  @Override
  public void narrow(MemorySegment from, long p, MemorySegment to, long q, int n) {
    MemorySegment.copy(from, p * SIZE, to, q * SIZE, n * SIZE);
  }

  @Override
  public Optional<GramMatrix> unscale(GramMatrix given, MemorySegment to, long at) {
    double gain = DoubleGramTail.unscale(given, to, at);
    return gain > 0 ? Optional.of(given.with(to, at, gain)) : Optional.empty();
  }

  @Override
  public void narrow(
      GramMatrix a, int column, int n, MemorySegment from, long p, MemorySegment to, long q) {
    MemorySegment c = a.affine();
    if (!(c.isNative() && from.isNative() && to.isNative())) {
      throw NativeSegments.onHeap(c, from, to);
    }
    long scale = a.scale() + column;
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      DoubleVector s = DoubleVector.fromMemorySegment(D, c, (scale + j) * SIZE, ORDER);
      DoubleVector.fromMemorySegment(D, from, (p + j) * 8, ORDER)
          .mul(s)
          .intoMemorySegment(to, (q + j) * SIZE, ORDER);
    }
    DoubleGramTail.narrow(c, scale, from, p, to, q, j, n);
  }

  @Override
  public double restsTimes(GramMatrix a, int column, int n, MemorySegment v, long p) {
    return DoubleGramTail.dot(a.affine(), a.rest() + column, v, p, n);
  }

  @Override
  public void rescale(
      GramMatrix a,
      int column,
      int n,
      MemorySegment sums,
      long p,
      double total,
      MemorySegment out,
      long q) {
    MemorySegment c = a.affine();
    if (!(c.isNative() && sums.isNative() && out.isNative())) {
      throw NativeSegments.onHeap(c, sums, out);
    }
    DoubleVector back = DoubleVector.broadcast(D, 1 / a.gain());
    DoubleVector all = DoubleVector.broadcast(D, total);
    long scales = a.scale() + column;
    long rests = a.rest() + column;
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      DoubleVector rest = DoubleVector.fromMemorySegment(D, c, (rests + j) * SIZE, ORDER).mul(all);
      DoubleVector scale = DoubleVector.fromMemorySegment(D, c, (scales + j) * SIZE, ORDER);
      // a column taken out may have summed up to infinity
      DoubleVector.fromMemorySegment(D, sums, (p + j) * 8, ORDER)
          .fma(scale.mul(back), rest)
          .blend(rest, scale.compare(EQ, 0))
          .intoMemorySegment(out, (q + j) * 8, ORDER);
    }
    DoubleGramTail.rescale(a, column, j, n, sums, p, total, out, q);
  }

  @Override
  public void flush(MemorySegment y, long p, MemorySegment sums, long q, int n) {
    Sums.add(y, p, sums, q, n);
    y.asSlice(p * SIZE, n * SIZE).fill((byte) 0);
  }

  @Override
  public void moments(
      MemorySegment z,
      long p,
      long stride,
      int rows,
      int n,
      MemorySegment pivot,
      long pivotAt,
      MemorySegment moments,
      long at) {
    if (!(z.isNative() && pivot.isNative() && moments.isNative())) {
      throw NativeSegments.onHeap(z, pivot, moments);
    }
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      DoubleVector centre = DoubleVector.fromMemorySegment(D, pivot, (pivotAt + j) * SIZE, ORDER);
      long place = (at + j) * SIZE;
      DoubleVector s = DoubleVector.fromMemorySegment(D, moments, place, ORDER);
      DoubleVector q = DoubleVector.fromMemorySegment(D, moments, place + n * SIZE, ORDER);
      DoubleVector least = DoubleVector.fromMemorySegment(D, z, (p + j) * SIZE, ORDER);
      DoubleVector largest = least;
      for (int r = 0; r < rows; r++) {
        DoubleVector x = DoubleVector.fromMemorySegment(D, z, (p + r * stride + j) * SIZE, ORDER);
        DoubleVector e = x.sub(centre);
        s = s.add(e);
        q = e.fma(e, q);
        least = least.blend(x, x.compare(LT, least));
        largest = largest.blend(x, x.compare(GT, largest));
      }
      s.intoMemorySegment(moments, place, ORDER);
      q.intoMemorySegment(moments, place + n * SIZE, ORDER);
      extremes(least, largest, moments, place + 2 * SIZE * n, n * SIZE);
    }
    DoubleGramTail.moments(z, p, stride, rows, j, n, pivot, pivotAt, moments, at);
  }

  /** Joins extremes with those so far; a NaN that a comparison misses shows in the squares. */
  private static void extremes(
      DoubleVector low, DoubleVector high, MemorySegment moments, long place, long next) {
    DoubleVector least = DoubleVector.fromMemorySegment(D, moments, place, ORDER);
    DoubleVector largest = DoubleVector.fromMemorySegment(D, moments, place + next, ORDER);
    least.blend(low, low.compare(LT, least)).intoMemorySegment(moments, place, ORDER);
    largest.blend(high, high.compare(GT, largest)).intoMemorySegment(moments, place + next, ORDER);
  }
}
