package org.modalimmune.backend;

/** A backend that was asked for cannot run, or does not exist; the message gives the reason. */
public final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which backend, why not, and what would help
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * @param message which backend, why not, and what would help
   * @param cause what failed
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
