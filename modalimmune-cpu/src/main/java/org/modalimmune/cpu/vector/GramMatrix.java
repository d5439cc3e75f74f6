package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.Tensor;

/**
 * A matrix X + rest with X = scale z + shift, its rows dense. Positions and strides in elements.
 *
 * @param z the memory of z
 * @param offset position of element (0, 0)
 * @param rowStride from one row to the next
 * @param rows number of rows B
 * @param columns number of columns d
 * @param affine the memory of the column maps
 * @param scale position of the scales; shifts and rests follow, d elements each
 */
record GramMatrix(
    MemorySegment z,
    long offset,
    long rowStride,
    int rows,
    int columns,
    MemorySegment affine,
    long scale) {
  static GramMatrix of(Tensor z, Tensor columns) {
    return new GramMatrix(
        HostStorage.segmentOf(z),
        z.offset(),
        z.stride(0),
        Math.toIntExact(z.shape().dim(0)),
        Math.toIntExact(z.shape().dim(1)),
        HostStorage.segmentOf(columns),
        columns.offset());
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
