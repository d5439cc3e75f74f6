package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
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
    long scale = (a.scale() + column) * SIZE;
    long shift = (a.shift() + column) * SIZE;
    for (int b = 0; b < k; b += 2) {
      boolean two = b + 1 < k;
      long q = (vAt + b * vStride) * SIZE;
      long next = two ? q + vStride * SIZE : q;
      products(a.z(), p, second, third, fourth, a.affine(), scale, shift, n, v, q, next, lanes);
      for (int r = 0; r < rows && n % LANES != 0; r++) {
        DoubleGramTail.products(
            a.z(),
            p + r * step,
            a.affine(),
            scale,
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
      add(lanes, 0, rows, t, tAt + b * tStride);
      if (two) {
        add(lanes, ROWS, rows, t, tAt + (b + 1) * tStride);
      }
    }
  }

  /** Adds the sums of the lanes of some accumulators. */
  private static void add(MemorySegment lanes, int first, int rows, MemorySegment t, long at) {
    for (int r = 0; r < rows; r++) {
      long from = (long) (first + r) * LANES;
      double sum = 0;
      for (int l = 0; l < LANES; l++) {
        sum += lanes.getAtIndex(JAVA_DOUBLE, from + l);
      }
      t.setAtIndex(JAVA_DOUBLE, at + r, t.getAtIndex(JAVA_DOUBLE, at + r) + sum);
    }
  }

  /** Four rows times two vectors, each product as a vector of partial sums. */
  private static void products(
      MemorySegment z,
      long p0,
      long p1,
      long p2,
      long p3,
      MemorySegment c,
      long scale,
      long shift,
      int n,
      MemorySegment v,
      long q,
      long next,
      MemorySegment lanes) {
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
      DoubleVector f = DoubleVector.fromMemorySegment(D, c, scale + d, ORDER);
      DoubleVector g = DoubleVector.fromMemorySegment(D, c, shift + d, ORDER);
      DoubleVector v0 = DoubleVector.fromMemorySegment(D, v, q + d, ORDER);
      DoubleVector v1 = DoubleVector.fromMemorySegment(D, v, next + d, ORDER);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, z, p0 + d, ORDER).fma(f, g);
      s00 = x0.fma(v0, s00);
      s01 = x0.fma(v1, s01);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, z, p1 + d, ORDER).fma(f, g);
      s10 = x1.fma(v0, s10);
      s11 = x1.fma(v1, s11);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, z, p2 + d, ORDER).fma(f, g);
      s20 = x2.fma(v0, s20);
      s21 = x2.fma(v1, s21);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, z, p3 + d, ORDER).fma(f, g);
      s30 = x3.fma(v0, s30);
      s31 = x3.fma(v1, s31);
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
    long scale = (a.scale() + column) * SIZE;
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
          scale,
          shift,
          n,
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
            scale,
            shift,
            n - n % LANES,
            n,
            t.getAtIndex(JAVA_DOUBLE, at + r),
            t.getAtIndex(JAVA_DOUBLE, other + r),
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
      long scale,
      long shift,
      int n,
      MemorySegment t,
      long at,
      long other,
      int rows,
      MemorySegment y,
      long q,
      long next) {
    DoubleVector t00 = factor(t, at, 0, rows);
    DoubleVector t01 = factor(t, other, 0, rows);
    DoubleVector t10 = factor(t, at, 1, rows);
    DoubleVector t11 = factor(t, other, 1, rows);
    DoubleVector t20 = factor(t, at, 2, rows);
    DoubleVector t21 = factor(t, other, 2, rows);
    DoubleVector t30 = factor(t, at, 3, rows);
    DoubleVector t31 = factor(t, other, 3, rows);
    for (int j = 0; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      DoubleVector f = DoubleVector.fromMemorySegment(D, c, scale + d, ORDER);
      DoubleVector g = DoubleVector.fromMemorySegment(D, c, shift + d, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, y, q + d, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, y, next + d, ORDER);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, z, p0 + d, ORDER).fma(f, g);
      y0 = x0.fma(t00, y0);
      y1 = x0.fma(t01, y1);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, z, p1 + d, ORDER).fma(f, g);
      y0 = x1.fma(t10, y0);
      y1 = x1.fma(t11, y1);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, z, p2 + d, ORDER).fma(f, g);
      y0 = x2.fma(t20, y0);
      y1 = x2.fma(t21, y1);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, z, p3 + d, ORDER).fma(f, g);
      y0 = x3.fma(t30, y0);
      y1 = x3.fma(t31, y1);
      y0.intoMemorySegment(y, q + d, ORDER);
      y1.intoMemorySegment(y, next + d, ORDER);
    }
  }

  private static DoubleVector factor(MemorySegment t, long at, int r, int rows) {
    return DoubleVector.broadcast(D, r < rows ? t.getAtIndex(JAVA_DOUBLE, at + r) : 0);
  }

  @Override
  public void deflate(
      GramMatrix a,
      int row,
      double f,
      double along,
      MemorySegment v,
      long vAt,
      MemorySegment out,
      long at) {
    int n = a.columns();
    long p = a.at(row, 0) * SIZE;
    double factor = f;
    double part = -along;
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      DoubleVector scale =
          DoubleVector.fromMemorySegment(D, a.affine(), a.scale() * SIZE + d, ORDER);
      DoubleVector shift =
          DoubleVector.fromMemorySegment(D, a.affine(), a.shift() * SIZE + d, ORDER);
      DoubleVector rest = DoubleVector.fromMemorySegment(D, a.affine(), a.rest() * SIZE + d, ORDER);
      DoubleVector w = DoubleVector.fromMemorySegment(D, v, vAt * SIZE + d, ORDER);
      DoubleVector x =
          DoubleVector.fromMemorySegment(D, a.z(), p + d, ORDER).fma(scale, shift).add(rest);
      w.fma(DoubleVector.broadcast(D, part), x)
          .mul(factor)
          .intoMemorySegment(out, at * SIZE + d, ORDER);
    }
    DoubleGramTail.deflate(a, p, j, factor, part, v, vAt, out, at);
  }

  @Override
  public void narrow(MemorySegment from, long p, MemorySegment to, long q, int n) {
    MemorySegment.copy(from, p * SIZE, to, q * SIZE, n * SIZE);
  }

  @Override
  public void flush(MemorySegment y, long p, MemorySegment sums, long q, int n) {
    addScaled(1, y, p, sums, q, n);
    y.asSlice(p * SIZE, n * SIZE).fill((byte) 0);
  }

  @Override
  public void addScaled(double factor, MemorySegment x, long p, MemorySegment sums, long q, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      long to = (q + j) * SIZE;
      DoubleVector.fromMemorySegment(D, x, (p + j) * SIZE, ORDER)
          .fma(
              DoubleVector.broadcast(D, factor), DoubleVector.fromMemorySegment(D, sums, to, ORDER))
          .intoMemorySegment(sums, to, ORDER);
    }
    DoubleGramTail.addScaled(factor, x, p, sums, q, j, n);
  }

  @Override
  public double dot(MemorySegment x, long p, MemorySegment y, long q, int n) {
    return RowSums.dotDoubles(x, p, y, q, n);
  }

  @Override
  public double round(double x) {
    return x;
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
