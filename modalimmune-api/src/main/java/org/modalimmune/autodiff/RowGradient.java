package org.modalimmune.autodiff;

/** What the rows of a batch contribute to the gradient of a parameter at one of its uses. */
@FunctionalInterface
public interface RowGradient {
  /** One gradient per row: [rows, ...parameter shape]. */
  Variable each();

  /**
   * Sum over the rows of the squared gradients, of the parameter's shape. To be overridden where
   * that needs no tensor of the size of {@link #each}.
   */
  default Variable squaredSum() {
    return Reduction.sum(Elementwise.square(each()), 0);
  }
}
