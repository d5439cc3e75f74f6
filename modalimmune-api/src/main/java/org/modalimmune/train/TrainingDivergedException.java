package org.modalimmune.train;

/** The loss became NaN or infinite; the message names the step and what would help. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message method, epoch, step, loss and the likely fix
   */
  public TrainingDivergedException(String message) {
    super(message);
  }
}
