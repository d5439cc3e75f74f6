package org.modalimmune.collapse;

/**
 * Settings of {@link CollapseLoss}.
 *
 * @param weight lambda of the spectral term, at least 0
 * @param exponent kappa of the spectrum-adaptive weight, at least 0; 0 weighs every excess alike
 * @param anchor eta of the anchor term, at least 0
 * @param epsilon smallest reference excess r_ref - 1 that is divided by, positive
 */
public record CollapseLossOptions(double weight, double exponent, double anchor, double epsilon) {
  /** Checks the ranges. */
  public CollapseLossOptions {
    requireNonNegative("weight", weight);
    requireNonNegative("exponent", exponent);
    requireNonNegative("anchor", anchor);
    requireNonNegative("epsilon", epsilon);
    if (epsilon == 0) {
      throw new IllegalArgumentException("collapse loss: epsilon must be positive, got 0");
    }
  }

  /** lambda 1, kappa 1, eta 0.1, epsilon 1e-3. */
  public static CollapseLossOptions defaults() {
    return new CollapseLossOptions(1, 1, 0.1, 1e-3);
  }

  private static void requireNonNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "collapse loss: the " + name + " must be finite and at least 0, got " + value);
    }
  }
}
