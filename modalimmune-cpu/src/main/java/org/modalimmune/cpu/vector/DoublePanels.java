package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Packing and edges of the float64 tiles. */
abstract class DoublePanels implements TileKernel<double[]> {
  /** Rows of a tile. */
  static final int TILE_ROWS = 8;

  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  @Override
  public double[] newPanels(int elements) {
    return new double[elements];
  }

  @Override
  public int rows() {
    return TILE_ROWS;
  }

  @Override
  public int columns() {
    return 2 * LANES;
  }

  @Override
  public void packB(
      Operand b, long k, long column, int depth, int columns, double[] panel, int at) {
    int width = 2 * LANES;
    if (b.columnStride() == 1 && columns == width) {
      copyRows(b.segment(), b.at(k, column) * SIZE, b.rowStride() * SIZE, depth, panel, at);
      return;
    }
    int j = 0;
    for (; j <= columns - 4; j += 4) {
      interleaveFour(
          b.segment(),
          b.at(k, column + j),
          b.columnStride(),
          b.rowStride(),
          depth,
          panel,
          at + j,
          width);
    }
    for (; j < columns; j++) {
      copyStrided(b.segment(), b.at(k, column + j), b.rowStride(), depth, panel, at + j, width);
    }
    for (; j < width; j++) {
      zeroStrided(depth, panel, at + j, width);
    }
  }

  @Override
  public void copyEdge(
      MemorySegment tile,
      MemorySegment c,
      long cAt,
      long rowBytes,
      int rows,
      int columns,
      boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long to = cAt + i * rowBytes + j * SIZE;
        double v = tile.get(JAVA_DOUBLE, (i * 2L * LANES + j) * SIZE);
        c.set(JAVA_DOUBLE, to, add ? c.get(JAVA_DOUBLE, to) + v : v);
      }
    }
  }

  @Override
  public void packA(Operand a, long row, long k, int rows, int depth, double[] panel, int at) {
    if (a.rowStride() == 1 && rows == TILE_ROWS) {
      for (int i = 0; i < depth; i++) {
        long from = a.at(row, k + i) * SIZE;
        MemorySegment.copy(a.segment(), JAVA_DOUBLE, from, panel, at + i * TILE_ROWS, TILE_ROWS);
      }
      return;
    }
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      interleaveFour(
          a.segment(),
          a.at(row + r, k),
          a.rowStride(),
          a.columnStride(),
          depth,
          panel,
          at + r,
          TILE_ROWS);
    }
    for (; r < rows; r++) {
      copyStrided(a.segment(), a.at(row + r, k), a.columnStride(), depth, panel, at + r, TILE_ROWS);
    }
  }

  private static void copyRows(
      MemorySegment from, long at, long rowBytes, int depth, double[] panel, int to) {
    for (int k = 0; k < depth; k++) {
      long p = at + k * rowBytes;
      int q = to + k * 2 * LANES;
      DoubleVector.fromMemorySegment(S, from, p, ORDER).intoArray(panel, q);
      DoubleVector.fromMemorySegment(S, from, p + LANES * SIZE, ORDER).intoArray(panel, q + LANES);
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
