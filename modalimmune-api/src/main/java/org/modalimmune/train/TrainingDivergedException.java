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

  /**
   * @param message what is not finite, where, and the likely fix
   * @param cause which value it was
   */
  public TrainingDivergedException(String message, Throwable cause) {
    super(message, cause);
  }
}
