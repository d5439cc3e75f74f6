package org.modalimmune.cuda.library;

/** A library of CUDA is missing, lacks a function, or is not of the version it should be. */
public final class LibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is missing, where it was looked for, and what would help
   */
  public LibraryException(String message) {
    super(message);
  }

  /**
   * @param message what is missing, where it was looked for, and what would help
   * @param cause what failed
   */
  public LibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
