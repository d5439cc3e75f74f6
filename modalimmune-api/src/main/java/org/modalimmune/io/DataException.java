package org.modalimmune.io;

/**
 * A file or data set that cannot be used as asked.
 *
 * <p>The message is one line for the person who owns the file: which file (and row and column where
 * there is one), what is wrong, and what to do about it.
 */
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message one line: the place, what came, the likely fix
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * An exception with a message and the failure beneath it.
   *
   * @param message one line: the place, what came, the likely fix
   * @param cause the failure that was met
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
