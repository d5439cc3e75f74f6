package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Float64 product of a matrix and a vector. */
final class DoubleMatrixVector implements MatrixVector {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final VectorShuffle<Double> NEIGHBOUR = exchange(1);
  private static final VectorShuffle<Double> SECOND = exchange(LANES > 2 ? 2 : 0);
  private static final VectorShuffle<Double> FOURTH = exchange(LANES > 4 ? 4 : 0);
  private static final long SIZE = Double.BYTES;

  /** Elements of y that stay in the first cache while columns are added to them. */
  private static final long BLOCK = 8192 / SIZE;

  @Override
  public void dotRows(
      Operand a,
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      long yStep,
      long from,
      long to) {
    int depth = Math.toIntExact(a.columns());
    long row = a.rowStride();
    long i = from;
    for (; i <= to - 4; i += 4) {
      four(depth, a.segment(), a.at(i, 0), row, x, xAt, y, yAt + i * yStep, yStep);
    }
    for (; i < to; i++) {
      y.setAtIndex(JAVA_DOUBLE, yAt + i * yStep, one(depth, a.segment(), a.at(i, 0), x, xAt));
    }
  }

  private static void four(
      int depth,
      MemorySegment a,
      long aAt,
      long row,
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      long yStep) {
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector d0 = c0;
    DoubleVector d1 = c0;
    DoubleVector d2 = c0;
    DoubleVector d3 = c0;
    long p = aAt * SIZE;
    long q = xAt * SIZE;
    long r = row * SIZE;
    long next = LANES * SIZE;
    int k = 0;
    for (; k <= depth - 2 * LANES; k += 2 * LANES) {
      long at = p + k * SIZE;
      DoubleVector u = DoubleVector.fromMemorySegment(S, x, q + k * SIZE, ORDER);
      c0 = DoubleVector.fromMemorySegment(S, a, at, ORDER).fma(u, c0);
      c1 = DoubleVector.fromMemorySegment(S, a, at + r, ORDER).fma(u, c1);
      c2 = DoubleVector.fromMemorySegment(S, a, at + 2 * r, ORDER).fma(u, c2);
      c3 = DoubleVector.fromMemorySegment(S, a, at + 3 * r, ORDER).fma(u, c3);
      DoubleVector v = DoubleVector.fromMemorySegment(S, x, q + k * SIZE + next, ORDER);
      d0 = DoubleVector.fromMemorySegment(S, a, at + next, ORDER).fma(v, d0);
      d1 = DoubleVector.fromMemorySegment(S, a, at + r + next, ORDER).fma(v, d1);
      d2 = DoubleVector.fromMemorySegment(S, a, at + 2 * r + next, ORDER).fma(v, d2);
      d3 = DoubleVector.fromMemorySegment(S, a, at + 3 * r + next, ORDER).fma(v, d3);
    }
    y.setAtIndex(JAVA_DOUBLE, yAt, finish(c0, d0, k, depth, a, p, x, q));
    y.setAtIndex(JAVA_DOUBLE, yAt + yStep, finish(c1, d1, k, depth, a, p + r, x, q));
    y.setAtIndex(JAVA_DOUBLE, yAt + 2 * yStep, finish(c2, d2, k, depth, a, p + 2 * r, x, q));
    y.setAtIndex(JAVA_DOUBLE, yAt + 3 * yStep, finish(c3, d3, k, depth, a, p + 3 * r, x, q));
  }

  private static double one(int depth, MemorySegment a, long aAt, MemorySegment x, long xAt) {
    DoubleVector c = DoubleVector.zero(S);
    DoubleVector d = c;
    long p = aAt * SIZE;
    long q = xAt * SIZE;
    long next = LANES * SIZE;
    int k = 0;
    for (; k <= depth - 2 * LANES; k += 2 * LANES) {
      long at = p + k * SIZE;
      DoubleVector u = DoubleVector.fromMemorySegment(S, x, q + k * SIZE, ORDER);
      c = DoubleVector.fromMemorySegment(S, a, at, ORDER).fma(u, c);
      DoubleVector v = DoubleVector.fromMemorySegment(S, x, q + k * SIZE + next, ORDER);
      d = DoubleVector.fromMemorySegment(S, a, at + next, ORDER).fma(v, d);
    }
    return finish(c, d, k, depth, a, p, x, q);
  }

  /** Adds the last columns, less than two vectors of them, and the lanes: halves, quarters ... */
  private static double finish(
      DoubleVector c,
      DoubleVector d,
      int from,
      int depth,
      MemorySegment a,
      long p,
      MemorySegment x,
      long q) {
    DoubleVector sum = c;
    for (int k = from; k < depth; k += LANES) {
      VectorMask<Double> m = S.indexInRange(k, depth);
      DoubleVector u = DoubleVector.fromMemorySegment(S, x, q + k * SIZE, ORDER, m);
      sum = DoubleVector.fromMemorySegment(S, a, p + k * SIZE, ORDER, m).fma(u, sum);
    }
    sum = sum.add(d);
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(FOURTH));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(SECOND));
    }
    sum = sum.add(sum.rearrange(NEIGHBOUR));
    return sum.lane(0);
  }

  @Override
  public void addColumns(
      Operand a,
      MemorySegment x,
      long xAt,
      long xStep,
      MemorySegment y,
      long yAt,
      long from,
      long to) {
    for (long i = from; i < to; i += BLOCK) {
      int n = (int) Math.min(BLOCK, to - i);
      for (long k = 0; k < a.columns(); k += 4) {
        int columns = (int) Math.min(4, a.columns() - k);
        long at = a.at(i, k);
        if (columns == 4) {
          addFour(
              n, a.segment(), at, a.columnStride(), x, xAt + k * xStep, xStep, y, yAt + i, k > 0);
        } else {
          for (int l = 0; l < columns; l++) {
            double factor = x.getAtIndex(JAVA_DOUBLE, xAt + (k + l) * xStep);
            addOne(n, a.segment(), at + l * a.columnStride(), factor, y, yAt + i, k + l > 0);
          }
        }
      }
    }
  }

  private static void addFour(
      int n,
      MemorySegment a,
      long aAt,
      long step,
      MemorySegment x,
      long xAt,
      long xStep,
      MemorySegment y,
      long yAt,
      boolean add) {
    double f0 = x.getAtIndex(JAVA_DOUBLE, xAt);
    DoubleVector x0 = DoubleVector.broadcast(S, f0);
    double f1 = x.getAtIndex(JAVA_DOUBLE, xAt + xStep);
    DoubleVector x1 = DoubleVector.broadcast(S, f1);
    double f2 = x.getAtIndex(JAVA_DOUBLE, xAt + 2 * xStep);
    DoubleVector x2 = DoubleVector.broadcast(S, f2);
    double f3 = x.getAtIndex(JAVA_DOUBLE, xAt + 3 * xStep);
    DoubleVector x3 = DoubleVector.broadcast(S, f3);
    DoubleVector zero = DoubleVector.zero(S);
    long s = step * SIZE;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long p = aAt * SIZE + i * SIZE;
      long q = yAt * SIZE + i * SIZE;
      DoubleVector sum = add ? DoubleVector.fromMemorySegment(S, y, q, ORDER) : zero;
      sum = DoubleVector.fromMemorySegment(S, a, p, ORDER).fma(x0, sum);
      sum = DoubleVector.fromMemorySegment(S, a, p + s, ORDER).fma(x1, sum);
      sum = DoubleVector.fromMemorySegment(S, a, p + 2 * s, ORDER).fma(x2, sum);
      sum = DoubleVector.fromMemorySegment(S, a, p + 3 * s, ORDER).fma(x3, sum);
      sum.intoMemorySegment(y, q, ORDER);
    }
    for (; i < n; i++) {
      double sum = add ? y.getAtIndex(JAVA_DOUBLE, yAt + i) : 0;
      sum = Math.fma(a.getAtIndex(JAVA_DOUBLE, aAt + i), f0, sum);
      sum = Math.fma(a.getAtIndex(JAVA_DOUBLE, aAt + step + i), f1, sum);
      sum = Math.fma(a.getAtIndex(JAVA_DOUBLE, aAt + 2 * step + i), f2, sum);
      sum = Math.fma(a.getAtIndex(JAVA_DOUBLE, aAt + 3 * step + i), f3, sum);
      y.setAtIndex(JAVA_DOUBLE, yAt + i, sum);
    }
  }

  private static void addOne(
      int n, MemorySegment a, long aAt, double factor, MemorySegment y, long yAt, boolean add) {
    for (int i = 0; i < n; i++) {
      double sum = add ? y.getAtIndex(JAVA_DOUBLE, yAt + i) : 0;
      y.setAtIndex(JAVA_DOUBLE, yAt + i, Math.fma(a.getAtIndex(JAVA_DOUBLE, aAt + i), factor, sum));
    }
  }

  private static VectorShuffle<Double> exchange(int distance) {
    return VectorShuffle.fromOp(S, i -> i ^ distance);
  }
}
