package org.modalimmune.cuda.kernel;

import java.util.Optional;
import org.modalimmune.cuda.library.MatrixOperand;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.Tensor;

/**
 * How the last two axes of a tensor look to cuBLAS, which counts down the columns: a row-major
 * matrix is there its own transpose.
 *
 * @param address of the first element
 * @param leading elements from one row to the next, or from one column to the next
 * @param columnsFirst whether the elements of a column are neighbours, and not those of a row
 * @param elementBytes bytes of an element
 */
record MatrixLayout(long address, int leading, boolean columnsFirst, int elementBytes) {
  /** The layout of a view; empty if neither its rows nor its columns are dense. */
  static Optional<MatrixLayout> of(Tensor t) {
    long rows = t.shape().dim(-2);
    long columns = t.shape().dim(-1);
    long down = t.stride(-2);
    long across = t.stride(-1);
    if ((across == 1 || columns == 1) && (rows == 1 || down >= columns)) {
      return layout(t, rows == 1 ? columns : down, false);
    }
    // columns == 1 with rows that lie apart was answered above
    if ((down == 1 || rows == 1) && across >= rows) {
      return layout(t, across, true);
    }
    return Optional.empty();
  }

  private static Optional<MatrixLayout> layout(Tensor t, long leading, boolean columnsFirst) {
    return leading > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(
            new MatrixLayout(
                DeviceStorage.addressOf(t),
                (int) Math.max(1, leading),
                columnsFirst,
                t.dtype().byteSize()));
  }

  /**
   * The operand that stands for the matrix, or for its transpose.
   *
   * @param offset elements to skip
   * @param stride elements from one matrix of a batch to the next
   * @param transpose whether cuBLAS shall see the transpose of the matrix
   */
  MatrixOperand operand(long offset, long stride, boolean transpose) {
    return new MatrixOperand(
        address + offset * elementBytes, leading, stride, columnsFirst == transpose);
  }
}
