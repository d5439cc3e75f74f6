package org.modalimmune.optim;

/** A gradient contains NaN or infinity; nothing was changed. */
public final class NonFiniteGradientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String parameter;

  /**
   * @param parameter name of the parameter whose gradient is not finite
   * @param message what came and the likely fix
   */
  public NonFiniteGradientException(String parameter, String message) {
    super(message);
    this.parameter = parameter;
  }

  /** Name of the first parameter whose gradient is not finite. */
  public String parameter() {
    return parameter;
  }
}
