package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Packing and edges for the float64 tiles. */
final class DoublePanels implements Panels<double[]> {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final int PAIR = 2 * LANES;

  /** Whether the machine is taken to have vectors of four elements. */
  private static final boolean QUARTETS = VectorSpeciesSet.BITS >= 256;

  private static final long SIZE = Double.BYTES;

  @Override
  public double[] allocate(int elements) {
    return new double[elements];
  }

  @Override
  public int size() {
    return Double.BYTES;
  }

  @Override
  public void packA(Operand a, long row, long k, int rows, int depth, double[] to) {
    if (a.columnStride() == 1) {
      for (int i = 0; i < rows; i++) {
        long from = a.at(row + i, k) * SIZE;
        MemorySegment.copy(a.segment(), JAVA_DOUBLE, from, to, i * ROW, depth);
      }
      return;
    }
    interleave(a.segment(), a.at(row, k), a.columnStride(), a.rowStride(), depth, rows, to, 0, ROW);
  }

  @Override
  public void packB(
      Operand b, long k, long column, int depth, int columns, int width, double[] to, int at) {
    MemorySegment from = b.segment();
    long first = b.at(k, column);
    if (b.columnStride() == 1 && width == PAIR) {
      if (columns == PAIR) {
        copyPairs(from, first * SIZE, b.rowStride() * SIZE, depth, to, at);
      } else {
        copyParts(from, first * SIZE, b.rowStride() * SIZE, depth, columns, to, at);
      }
      return;
    }
    interleave(from, first, b.columnStride(), b.rowStride(), columns, depth, to, at, width);
    for (int j = columns; j < width; j++) {
      zeroStrided(depth, to, at + j, width);
    }
  }

  @Override
  public void addEdge(
      MemorySegment tile,
      int width,
      MemorySegment base,
      long baseAt,
      long baseRow,
      MemorySegment c,
      long cAt,
      long cRow,
      int rows,
      int columns) {
    if (!(tile.isNative() && base.isNative() && c.isNative())) {
      throw NativeSegments.onHeap(tile, base, c);
    }
    for (int j = 0; j < columns; j += LANES) {
      VectorMask<Double> inside = S.indexInRange(j, columns);
      for (int i = 0; i < rows; i++) {
        DoubleVector sum =
            DoubleVector.fromMemorySegment(S, tile, ((long) i * width + j) * SIZE, ORDER);
        DoubleVector.fromMemorySegment(S, base, baseAt + i * baseRow + j * SIZE, ORDER, inside)
            .add(sum)
            .intoMemorySegment(c, cAt + i * cRow + j * SIZE, ORDER, inside);
      }
    }
  }

  private static void copyPairs(
      MemorySegment from, long at, long rowBytes, int depth, double[] to, int target) {
    if (!from.isNative()) {
      throw NativeSegments.onHeap(from);
    }
    for (int k = 0; k < depth; k++) {
      long p = at + k * rowBytes;
      int q = target + k * PAIR;
      DoubleVector.fromMemorySegment(S, from, p, ORDER).intoArray(to, q);
      DoubleVector.fromMemorySegment(S, from, p + LANES * SIZE, ORDER).intoArray(to, q + LANES);
    }
  }

  /** Rows of more than one vector and less than two, zeros behind them. */
  private static void copyParts(
      MemorySegment from, long at, long rowBytes, int depth, int columns, double[] to, int target) {
    if (!from.isNative()) {
      throw NativeSegments.onHeap(from);
    }
    VectorMask<Double> rest = S.indexInRange(LANES, columns);
    for (int k = 0; k < depth; k++) {
      long p = at + k * rowBytes;
      int q = target + k * PAIR;
      DoubleVector.fromMemorySegment(S, from, p, ORDER).intoArray(to, q);
      DoubleVector.fromMemorySegment(S, from, p + LANES * SIZE, ORDER, rest)
          .intoArray(to, q + LANES);
    }
  }

  /** Lines of {@code count} elements side by side, {@code step} apart in the target. */
  private static void interleave(
      MemorySegment from,
      long at,
      long line,
      long stride,
      int lines,
      int count,
      double[] to,
      int target,
      int step) {
    int i = 0;
    for (; i <= lines - 4; i += 4) {
      int done = 0;
      if (stride == 1 && QUARTETS) {
        DoubleQuartets.transpose(from, at + i * line, line, count, to, target + i, step);
        done = count & -4;
      }
      interleaveFour(
          from,
          at + i * line + done * stride,
          line,
          stride,
          count - done,
          to,
          target + i + done * step,
          step);
    }
    for (; i < lines; i++) {
      copyStrided(from, at + i * line, stride, count, to, target + i, step);
    }
  }

  /** Four lines side by side: a store then touches a cache line that the last one brought. */
  private static void interleaveFour(
      MemorySegment from,
      long at,
      long line,
      long stride,
      int count,
      double[] to,
      int target,
      int step) {
    for (int i = 0; i < count; i++) {
      long p = at + i * stride;
      int q = target + i * step;
      to[q] = from.getAtIndex(JAVA_DOUBLE, p);
      to[q + 1] = from.getAtIndex(JAVA_DOUBLE, p + line);
      to[q + 2] = from.getAtIndex(JAVA_DOUBLE, p + 2 * line);
      to[q + 3] = from.getAtIndex(JAVA_DOUBLE, p + 3 * line);
    }
  }

  private static void copyStrided(
      MemorySegment from, long at, long stride, int count, double[] to, int target, int step) {
    for (int i = 0; i < count; i++) {
      to[target + i * step] = from.getAtIndex(JAVA_DOUBLE, at + i * stride);
    }
  }

  private static void zeroStrided(int count, double[] to, int target, int step) {
    for (int i = 0; i < count; i++) {
      to[target + i * step] = 0;
    }
  }
}
