package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows of a float32 matrix times vectors: four rows and two vectors at a time. */
final class FloatGramTile implements GramTile {
  private static final VectorSpecies<Float> F = VectorSpeciesSet.FLOAT;
  private static final VectorSpecies<Float> H = VectorSpeciesSet.HALF_FLOAT;
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final int LANES = F.length();
  private static final int WIDE = D.length();
  private static final long SIZE = 4;
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
        FloatGramTail.products(
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
      float sum = 0;
      for (int l = 0; l < LANES; l++) {
        sum += lanes.getAtIndex(JAVA_FLOAT, from + l);
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
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int j = 0; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      FloatVector f = FloatVector.fromMemorySegment(F, c, scale + d, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(F, c, shift + d, ORDER);
      FloatVector v0 = FloatVector.fromMemorySegment(F, v, q + d, ORDER);
      FloatVector v1 = FloatVector.fromMemorySegment(F, v, next + d, ORDER);
      FloatVector x0 = FloatVector.fromMemorySegment(F, z, p0 + d, ORDER).fma(f, g);
      s00 = x0.fma(v0, s00);
      s01 = x0.fma(v1, s01);
      FloatVector x1 = FloatVector.fromMemorySegment(F, z, p1 + d, ORDER).fma(f, g);
      s10 = x1.fma(v0, s10);
      s11 = x1.fma(v1, s11);
      FloatVector x2 = FloatVector.fromMemorySegment(F, z, p2 + d, ORDER).fma(f, g);
      s20 = x2.fma(v0, s20);
      s21 = x2.fma(v1, s21);
      FloatVector x3 = FloatVector.fromMemorySegment(F, z, p3 + d, ORDER).fma(f, g);
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
        FloatGramTail.accumulate(
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
    FloatVector t00 = factor(t, at, 0, rows);
    FloatVector t01 = factor(t, other, 0, rows);
    FloatVector t10 = factor(t, at, 1, rows);
    FloatVector t11 = factor(t, other, 1, rows);
    FloatVector t20 = factor(t, at, 2, rows);
    FloatVector t21 = factor(t, other, 2, rows);
    FloatVector t30 = factor(t, at, 3, rows);
    FloatVector t31 = factor(t, other, 3, rows);
    for (int j = 0; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      FloatVector f = FloatVector.fromMemorySegment(F, c, scale + d, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(F, c, shift + d, ORDER);
      FloatVector y0 = FloatVector.fromMemorySegment(F, y, q + d, ORDER);
      FloatVector y1 = FloatVector.fromMemorySegment(F, y, next + d, ORDER);
      FloatVector x0 = FloatVector.fromMemorySegment(F, z, p0 + d, ORDER).fma(f, g);
      y0 = x0.fma(t00, y0);
      y1 = x0.fma(t01, y1);
      FloatVector x1 = FloatVector.fromMemorySegment(F, z, p1 + d, ORDER).fma(f, g);
      y0 = x1.fma(t10, y0);
      y1 = x1.fma(t11, y1);
      FloatVector x2 = FloatVector.fromMemorySegment(F, z, p2 + d, ORDER).fma(f, g);
      y0 = x2.fma(t20, y0);
      y1 = x2.fma(t21, y1);
      FloatVector x3 = FloatVector.fromMemorySegment(F, z, p3 + d, ORDER).fma(f, g);
      y0 = x3.fma(t30, y0);
      y1 = x3.fma(t31, y1);
      y0.intoMemorySegment(y, q + d, ORDER);
      y1.intoMemorySegment(y, next + d, ORDER);
    }
  }

  private static FloatVector factor(MemorySegment t, long at, int r, int rows) {
    return FloatVector.broadcast(F, r < rows ? (float) t.getAtIndex(JAVA_DOUBLE, at + r) : 0);
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
    float factor = (float) f;
    float part = (float) -along;
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      long d = j * SIZE;
      FloatVector scale = FloatVector.fromMemorySegment(F, a.affine(), a.scale() * SIZE + d, ORDER);
      FloatVector shift = FloatVector.fromMemorySegment(F, a.affine(), a.shift() * SIZE + d, ORDER);
      FloatVector rest = FloatVector.fromMemorySegment(F, a.affine(), a.rest() * SIZE + d, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(F, v, vAt * SIZE + d, ORDER);
      FloatVector x =
          FloatVector.fromMemorySegment(F, a.z(), p + d, ORDER).fma(scale, shift).add(rest);
      w.fma(FloatVector.broadcast(F, part), x)
          .mul(factor)
          .intoMemorySegment(out, at * SIZE + d, ORDER);
    }
    FloatGramTail.deflate(a, p, j, factor, part, v, vAt, out, at);
  }

  @Override
  public void narrow(MemorySegment from, long p, MemorySegment to, long q, int n) {
    Conversion.narrow(from, p, to, q, n);
  }

  @Override
  public void flush(MemorySegment y, long p, MemorySegment sums, long q, int n) {
    int j = 0;
    for (; j <= n - WIDE; j += WIDE) {
      long from = (p + j) * SIZE;
      long to = (q + j) * 8;
      DoubleVector x =
          (DoubleVector) FloatVector.fromMemorySegment(H, y, from, ORDER).convertShape(F2D, D, 0);
      DoubleVector.fromMemorySegment(D, sums, to, ORDER).add(x).intoMemorySegment(sums, to, ORDER);
      FloatVector.zero(H).intoMemorySegment(y, from, ORDER);
    }
    FloatGramTail.addScaled(1, y, p, sums, q, j, n);
    y.asSlice((p + j) * SIZE, (n - j) * SIZE).fill((byte) 0);
  }

  @Override
  public void addScaled(double factor, MemorySegment x, long p, MemorySegment sums, long q, int n) {
    int j = 0;
    for (; j <= n - WIDE; j += WIDE) {
      long to = (q + j) * 8;
      DoubleVector y =
          (DoubleVector)
              FloatVector.fromMemorySegment(H, x, (p + j) * SIZE, ORDER).convertShape(F2D, D, 0);
      y.fma(DoubleVector.broadcast(D, factor), DoubleVector.fromMemorySegment(D, sums, to, ORDER))
          .intoMemorySegment(sums, to, ORDER);
    }
    FloatGramTail.addScaled(factor, x, p, sums, q, j, n);
  }

  @Override
  public double dot(MemorySegment x, long p, MemorySegment y, long q, int n) {
    return RowSums.dotFloats(x, p, y, q, n);
  }

  @Override
  public double round(double x) {
    return (float) x;
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
    for (; j <= n - WIDE; j += WIDE) {
      DoubleVector centre =
          (DoubleVector)
              FloatVector.fromMemorySegment(H, pivot, (pivotAt + j) * SIZE, ORDER)
                  .convertShape(F2D, D, 0);
      long place = (at + j) * 8;
      DoubleVector s = DoubleVector.fromMemorySegment(D, moments, place, ORDER);
      DoubleVector q = DoubleVector.fromMemorySegment(D, moments, place + n * 8L, ORDER);
      FloatVector least = FloatVector.fromMemorySegment(H, z, (p + j) * SIZE, ORDER);
      FloatVector largest = least;
      for (int r = 0; r < rows; r++) {
        FloatVector x = FloatVector.fromMemorySegment(H, z, (p + r * stride + j) * SIZE, ORDER);
        DoubleVector e = ((DoubleVector) x.convertShape(F2D, D, 0)).sub(centre);
        s = s.add(e);
        q = e.fma(e, q);
        least = least.blend(x, x.compare(LT, least));
        largest = largest.blend(x, x.compare(GT, largest));
      }
      s.intoMemorySegment(moments, place, ORDER);
      q.intoMemorySegment(moments, place + n * 8L, ORDER);
      DoubleVector low = (DoubleVector) least.convertShape(F2D, D, 0);
      DoubleVector high = (DoubleVector) largest.convertShape(F2D, D, 0);
      extremes(low, high, moments, place + n * 16L, n * 8L);
    }
    FloatGramTail.moments(z, p, stride, rows, j, n, pivot, pivotAt, moments, at);
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
