package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Float32 product of a matrix and a vector. */
final class FloatMatrixVector implements MatrixVector<float[]> {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = Float.BYTES;

  /** Elements of y that stay in the first cache while columns are added to them. */
  private static final long BLOCK = 8192 / SIZE;

  /** Elements of a matrix that an outer cache holds, which may be read by pieces of its columns. */
  private static final long NEAR = 262_144 / SIZE;

  @Override
  public void dotRows(
      Operand a,
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      long yStep,
      long from,
      long to,
      float[] lanes) {
    int depth = Math.toIntExact(a.columns());
    int whole = depth - depth % LANES;
    long row = a.rowStride();
    long i = from;
    for (; i <= to - 8; i += 8) {
      long first = a.at(i, 0);
      if (whole > 0) {
        eight(whole, a.segment(), first, row, x, xAt, lanes);
      } else {
        Arrays.fill(lanes, 0, 8 * LANES, 0);
      }
      if (whole < depth) {
        more(8, depth - whole, a.segment(), first + whole, row, x, xAt + whole, lanes);
      }
      totals(8, lanes, y, yAt + i * yStep, yStep);
    }
    for (; i <= to - 4; i += 4) {
      long first = a.at(i, 0);
      four(whole, a.segment(), first, row, x, xAt, lanes);
      if (whole < depth) {
        more(4, depth - whole, a.segment(), first + whole, row, x, xAt + whole, lanes);
      }
      totals(4, lanes, y, yAt + i * yStep, yStep);
    }
    for (; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, yAt + i * yStep, one(depth, a.segment(), a.at(i, 0), x, xAt, lanes));
    }
  }

  /** Sums of vectors of eight rows: as many chains as multiply-adds are under way at a time. */
  private static void eight(
      int whole, MemorySegment a, long aAt, long row, MemorySegment x, long xAt, float[] lanes) {
    if (!(a.isNative() && x.isNative())) {
      throw NativeSegments.onHeap(a, x);
    }
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    FloatVector c6 = c0;
    FloatVector c7 = c0;
    long p = aAt * SIZE;
    long q = xAt * SIZE;
    long r = row * SIZE;
    for (int k = 0; k < whole; k += LANES) {
      long at = p + k * SIZE;
      FloatVector u = FloatVector.fromMemorySegment(S, x, q + k * SIZE, ORDER);
      c0 = FloatVector.fromMemorySegment(S, a, at, ORDER).fma(u, c0);
      c1 = FloatVector.fromMemorySegment(S, a, at + r, ORDER).fma(u, c1);
      c2 = FloatVector.fromMemorySegment(S, a, at + 2 * r, ORDER).fma(u, c2);
      c3 = FloatVector.fromMemorySegment(S, a, at + 3 * r, ORDER).fma(u, c3);
      c4 = FloatVector.fromMemorySegment(S, a, at + 4 * r, ORDER).fma(u, c4);
      c5 = FloatVector.fromMemorySegment(S, a, at + 5 * r, ORDER).fma(u, c5);
      c6 = FloatVector.fromMemorySegment(S, a, at + 6 * r, ORDER).fma(u, c6);
      c7 = FloatVector.fromMemorySegment(S, a, at + 7 * r, ORDER).fma(u, c7);
      // the end of a basic block, never left by: see four
      if (k == ~whole) {
        break;
      }
    }
    c0.intoArray(lanes, 0);
    c1.intoArray(lanes, LANES);
    c2.intoArray(lanes, 2 * LANES);
    c3.intoArray(lanes, 3 * LANES);
    c4.intoArray(lanes, 4 * LANES);
    c5.intoArray(lanes, 5 * LANES);
    c6.intoArray(lanes, 6 * LANES);
    c7.intoArray(lanes, 7 * LANES);
  }

  /** Sums of vectors of four rows, each in two chains. */
  private static void four(
      int whole, MemorySegment a, long aAt, long row, MemorySegment x, long xAt, float[] lanes) {
    if (!(a.isNative() && x.isNative())) {
      throw NativeSegments.onHeap(a, x);
    }
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector d0 = c0;
    FloatVector d1 = c0;
    FloatVector d2 = c0;
    FloatVector d3 = c0;
    long p = aAt * SIZE;
    long q = xAt * SIZE;
    long r = row * SIZE;
    for (int k = 0; k < whole; k += LANES) {
      long at = p + k * SIZE;
      FloatVector u = FloatVector.fromMemorySegment(S, x, q + k * SIZE, ORDER);
      FloatVector e0 = FloatVector.fromMemorySegment(S, a, at, ORDER).fma(u, d0);
      FloatVector e1 = FloatVector.fromMemorySegment(S, a, at + r, ORDER).fma(u, d1);
      FloatVector e2 = FloatVector.fromMemorySegment(S, a, at + 2 * r, ORDER).fma(u, d2);
      FloatVector e3 = FloatVector.fromMemorySegment(S, a, at + 3 * r, ORDER).fma(u, d3);
      // the chains take turns
      d0 = c0;
      d1 = c1;
      d2 = c2;
      d3 = c3;
      c0 = e0;
      c1 = e1;
      c2 = e2;
      c3 = e3;
      // the end of a basic block, never left by: it keeps the loads of several rounds apart, which
      // would push the sums out of the registers
      if (k == ~whole) {
        break;
      }
    }
    c0.add(d0).intoArray(lanes, 0);
    c1.add(d1).intoArray(lanes, LANES);
    c2.add(d2).intoArray(lanes, 2 * LANES);
    c3.add(d3).intoArray(lanes, 3 * LANES);
  }

  /** Adds {@code n} more columns, fewer than fill a vector, to the sums of some rows. */
  private static void more(
      int rows,
      int n,
      MemorySegment a,
      long aAt,
      long row,
      MemorySegment x,
      long xAt,
      float[] lanes) {
    VectorMask<Float> inside = S.indexInRange(0, n);
    FloatVector u = FloatVector.fromMemorySegment(S, x, xAt * SIZE, ORDER, inside);
    for (int l = 0; l < rows; l++) {
      FloatVector.fromMemorySegment(S, a, (aAt + l * row) * SIZE, ORDER, inside)
          .fma(u, FloatVector.fromArray(S, lanes, l * LANES))
          .intoArray(lanes, l * LANES);
    }
  }

  private static void totals(int rows, float[] lanes, MemorySegment y, long yAt, long yStep) {
    for (int l = 0; l < rows; l++) {
      y.setAtIndex(JAVA_FLOAT, yAt + l * yStep, total(lanes, l * LANES));
    }
  }

  private static float one(
      int depth, MemorySegment a, long aAt, MemorySegment x, long xAt, float[] lanes) {
    FloatVector c = FloatVector.zero(S);
    FloatVector d = c;
    long p = aAt * SIZE;
    long q = xAt * SIZE;
    long next = LANES * SIZE;
    int k = 0;
    for (; k <= depth - 2 * LANES; k += 2 * LANES) {
      long at = p + k * SIZE;
      FloatVector u = FloatVector.fromMemorySegment(S, x, q + k * SIZE, ORDER);
      c = FloatVector.fromMemorySegment(S, a, at, ORDER).fma(u, c);
      FloatVector v = FloatVector.fromMemorySegment(S, x, q + k * SIZE + next, ORDER);
      d = FloatVector.fromMemorySegment(S, a, at + next, ORDER).fma(v, d);
    }
    for (; k < depth; k += LANES) {
      VectorMask<Float> inside = S.indexInRange(k, depth);
      FloatVector u = FloatVector.fromMemorySegment(S, x, q + k * SIZE, ORDER, inside);
      c = FloatVector.fromMemorySegment(S, a, p + k * SIZE, ORDER, inside).fma(u, c);
    }
    c.add(d).intoArray(lanes, 0);
    return total(lanes, 0);
  }

  /** Adds the lanes: halves, quarters ... Scalars, since a vector handed on would be boxed. */
  private static float total(float[] lanes, int at) {
    if (LANES == 16) {
      fold(lanes, at, 8);
    }
    if (LANES >= 8) {
      return ((lanes[at] + lanes[at + 4]) + (lanes[at + 2] + lanes[at + 6]))
          + ((lanes[at + 1] + lanes[at + 5]) + (lanes[at + 3] + lanes[at + 7]));
    }
    return (lanes[at] + lanes[at + 2]) + (lanes[at + 1] + lanes[at + 3]);
  }

  private static void fold(float[] lanes, int at, int half) {
    for (int l = at; l < at + half; l++) {
      lanes[l] += lanes[l + half];
    }
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
    int wide = 8 * LANES;
    if (to - from >= wide && a.rows() * a.columns() <= NEAR) {
      for (long i = from; i < to; i += wide) {
        // the last ones move back onto elements that are done, and come out the same
        long at = Math.min(i, to - wide);
        columns(
            (int) a.columns(),
            a.segment(),
            a.at(at, 0),
            a.columnStride(),
            x,
            xAt,
            xStep,
            y,
            yAt + at);
      }
      return;
    }
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
            float factor = x.getAtIndex(JAVA_FLOAT, xAt + (k + l) * xStep);
            addOne(n, a.segment(), at + l * a.columnStride(), factor, y, yAt + i, k + l > 0);
          }
        }
      }
    }
  }

  /** Eight vectors of y, which stay in registers for all columns. */
  private static void columns(
      int depth,
      MemorySegment a,
      long aAt,
      long step,
      MemorySegment x,
      long xAt,
      long xStep,
      MemorySegment y,
      long yAt) {
    if (!(a.isNative() && y.isNative())) {
      throw NativeSegments.onHeap(a, y);
    }
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    FloatVector c6 = c0;
    FloatVector c7 = c0;
    long next = LANES * SIZE;
    long p = aAt * SIZE;
    for (int k = 0; k < depth; k++) {
      FloatVector u = FloatVector.broadcast(S, x.getAtIndex(JAVA_FLOAT, xAt + k * xStep));
      c0 = FloatVector.fromMemorySegment(S, a, p, ORDER).fma(u, c0);
      c1 = FloatVector.fromMemorySegment(S, a, p + next, ORDER).fma(u, c1);
      c2 = FloatVector.fromMemorySegment(S, a, p + 2 * next, ORDER).fma(u, c2);
      c3 = FloatVector.fromMemorySegment(S, a, p + 3 * next, ORDER).fma(u, c3);
      c4 = FloatVector.fromMemorySegment(S, a, p + 4 * next, ORDER).fma(u, c4);
      c5 = FloatVector.fromMemorySegment(S, a, p + 5 * next, ORDER).fma(u, c5);
      c6 = FloatVector.fromMemorySegment(S, a, p + 6 * next, ORDER).fma(u, c6);
      c7 = FloatVector.fromMemorySegment(S, a, p + 7 * next, ORDER).fma(u, c7);
      p += step * SIZE;
    }
    long q = yAt * SIZE;
    c0.intoMemorySegment(y, q, ORDER);
    c1.intoMemorySegment(y, q + next, ORDER);
    c2.intoMemorySegment(y, q + 2 * next, ORDER);
    c3.intoMemorySegment(y, q + 3 * next, ORDER);
    c4.intoMemorySegment(y, q + 4 * next, ORDER);
    c5.intoMemorySegment(y, q + 5 * next, ORDER);
    c6.intoMemorySegment(y, q + 6 * next, ORDER);
    c7.intoMemorySegment(y, q + 7 * next, ORDER);
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
    if (!(a.isNative() && y.isNative())) {
      throw NativeSegments.onHeap(a, y);
    }
    float f0 = x.getAtIndex(JAVA_FLOAT, xAt);
    FloatVector x0 = FloatVector.broadcast(S, f0);
    float f1 = x.getAtIndex(JAVA_FLOAT, xAt + xStep);
    FloatVector x1 = FloatVector.broadcast(S, f1);
    float f2 = x.getAtIndex(JAVA_FLOAT, xAt + 2 * xStep);
    FloatVector x2 = FloatVector.broadcast(S, f2);
    float f3 = x.getAtIndex(JAVA_FLOAT, xAt + 3 * xStep);
    FloatVector x3 = FloatVector.broadcast(S, f3);
    FloatVector zero = FloatVector.zero(S);
    long s = step * SIZE;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long p = aAt * SIZE + i * SIZE;
      long q = yAt * SIZE + i * SIZE;
      FloatVector sum = add ? FloatVector.fromMemorySegment(S, y, q, ORDER) : zero;
      sum = FloatVector.fromMemorySegment(S, a, p, ORDER).fma(x0, sum);
      sum = FloatVector.fromMemorySegment(S, a, p + s, ORDER).fma(x1, sum);
      sum = FloatVector.fromMemorySegment(S, a, p + 2 * s, ORDER).fma(x2, sum);
      sum = FloatVector.fromMemorySegment(S, a, p + 3 * s, ORDER).fma(x3, sum);
      sum.intoMemorySegment(y, q, ORDER);
    }
    for (; i < n; i++) {
      float sum = add ? y.getAtIndex(JAVA_FLOAT, yAt + i) : 0;
      sum = Math.fma(a.getAtIndex(JAVA_FLOAT, aAt + i), f0, sum);
      sum = Math.fma(a.getAtIndex(JAVA_FLOAT, aAt + step + i), f1, sum);
      sum = Math.fma(a.getAtIndex(JAVA_FLOAT, aAt + 2 * step + i), f2, sum);
      sum = Math.fma(a.getAtIndex(JAVA_FLOAT, aAt + 3 * step + i), f3, sum);
      y.setAtIndex(JAVA_FLOAT, yAt + i, sum);
    }
  }

  private static void addOne(
      int n, MemorySegment a, long aAt, float factor, MemorySegment y, long yAt, boolean add) {
    if (!(a.isNative() && y.isNative())) {
      throw NativeSegments.onHeap(a, y);
    }
    FloatVector x = FloatVector.broadcast(S, factor);
    FloatVector zero = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long q = (yAt + i) * SIZE;
      FloatVector sum = add ? FloatVector.fromMemorySegment(S, y, q, ORDER) : zero;
      FloatVector.fromMemorySegment(S, a, (aAt + i) * SIZE, ORDER)
          .fma(x, sum)
          .intoMemorySegment(y, q, ORDER);
    }
    for (; i < n; i++) {
      float sum = add ? y.getAtIndex(JAVA_FLOAT, yAt + i) : 0;
      y.setAtIndex(JAVA_FLOAT, yAt + i, Math.fma(a.getAtIndex(JAVA_FLOAT, aAt + i), factor, sum));
    }
  }
}
