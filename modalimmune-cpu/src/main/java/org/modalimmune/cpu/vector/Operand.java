package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.Tensor;

/**
 * A matrix in memory; positions and strides in elements.
 *
 * @param segment the memory
 * @param offset position of element (0, 0)
 * @param rows number of rows
 * @param columns number of columns
 * @param rowStride from one row to the next
 * @param columnStride from one column to the next
 */
record Operand(
    MemorySegment segment,
    long offset,
    long rows,
    long columns,
    long rowStride,
    long columnStride) {
  /** The last two axes of a tensor, at the first position of the leading ones. */
  static Operand of(Tensor t) {
    return new Operand(
        HostStorage.segmentOf(t),
        t.offset(),
        t.shape().dim(-2),
        t.shape().dim(-1),
        t.stride(-2),
        t.stride(-1));
  }

  Operand transposed() {
    return new Operand(segment, offset, columns, rows, columnStride, rowStride);
  }

  Operand shifted(long elements) {
    return new Operand(segment, offset + elements, rows, columns, rowStride, columnStride);
  }

  Operand withRows(long count) {
    return new Operand(segment, offset, count, columns, rowStride, columnStride);
  }

  long at(long row, long column) {
    return offset + row * rowStride + column * columnStride;
  }
}
