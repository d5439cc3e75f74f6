package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.Tensor;

/**
 * A matrix scale (z + shift) + rest, its rows dense. Positions and strides in elements.
 *
 * <p>The scale is a power of two, so that it may just as well be applied to the vectors, and to the
 * sums at the end: an element then costs one addition, not a multiplication and an addition.
 *
 * @param z the memory of z
 * @param offset position of element (0, 0)
 * @param rowStride from one row to the next
 * @param rows number of rows B
 * @param columns number of columns d
 * @param affine the memory of the column maps
 * @param scale position of the scales; shifts and rests follow, d elements each
 * @param gain the largest scale, which factors of rows are multiplied by on the way into sums
 */
record GramMatrix(
    MemorySegment z,
    long offset,
    long rowStride,
    int rows,
    int columns,
    MemorySegment affine,
    long scale,
    double gain) {
  /**
   * The matrix as given: its shifts are still those after scaling, and it serves {@link
   * GramTile#deflate} and {@link GramTile#unscale} alone.
   */
  static GramMatrix of(Tensor z, Tensor columns) {
    return new GramMatrix(
        HostStorage.segmentOf(z),
        z.offset(),
        z.stride(0),
        Math.toIntExact(z.shape().dim(0)),
        Math.toIntExact(z.shape().dim(1)),
        HostStorage.segmentOf(columns),
        columns.offset(),
        1);
  }

  /** The same with other column maps. */
  GramMatrix with(MemorySegment maps, long at, double gain) {
    return new GramMatrix(z, offset, rowStride, rows, columns, maps, at, gain);
  }

  /** Position of an element. */
  long at(int row, int column) {
    return offset + row * rowStride + column;
  }

  /** Position of the shifts. */
  long shift() {
    return scale + columns;
  }

  /** Position of the rests. */
  long rest() {
    return scale + 2L * columns;
  }
}
