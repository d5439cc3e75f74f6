package org.modalimmune.autodiff;

/**
 * A parameter enters a batched computation in a way that {@link PerSampleGradients} cannot separate
 * into rows; {@link PerSampleGradients#byRow} can, one row after the other.
 */
public final class NotRowwiseException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the parameter, the operation that it enters, and what to do
   */
  public NotRowwiseException(String message) {
    super(message);
  }
}
