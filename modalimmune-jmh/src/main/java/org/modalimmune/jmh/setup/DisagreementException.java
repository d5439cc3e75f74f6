package org.modalimmune.jmh.setup;

/** A rival's result is not what it should be; its time would mean nothing. */
public final class DisagreementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which result differs, and by how much. */
  public DisagreementException(String message) {
    super(message + "; it is not timed");
  }
}
