package org.modalimmune.autodiff;

import java.util.Optional;
import org.modalimmune.tensor.Shape;

/** Rows' gradients of a parameter that is broadcast along the batch, such as a bias or a gain. */
final class BroadcastRows {
  private BroadcastRows() {}

  /**
   * From the cotangent of the parameter after broadcasting, [rows, ...].
   *
   * @return empty if axis 0 is not the batch, or the parameter has elements of its own per row
   */
  static Optional<RowGradient> of(Variable wide, Shape parameter, long rows) {
    int rank = wide.shape().rank();
    boolean ownRows = parameter.rank() == rank && rank > 0 && parameter.dim(0) != 1;
    if (rank == 0 || wide.shape().dim(0) != rows || ownRows) {
      return Optional.empty();
    }
    Shape kept = parameter;
    while (kept.rank() < rank) {
      kept = kept.inserted(0, 1);
    }
    Shape target = kept.with(0, rows);
    return Optional.of(
        () -> Shaping.reshape(Reduction.sumTo(wide, target), parameter.inserted(0, rows)));
  }
}
