package org.modalimmune.cuda.error;

/** A kernel's source did not compile; the message holds what the compiler said. */
public final class CompilationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param name the source
   * @param options what it was compiled with
   * @param error the compiler's error
   * @param log the compiler's messages
   */
  public CompilationException(String name, String options, String error, String log) {
    super(
        "the kernels of "
            + name
            + " do not compile ("
            + options
            + "): "
            + error
            + (log.isBlank() ? "" : System.lineSeparator() + log.strip()));
  }
}
