package org.modalimmune.collapse;

import org.modalimmune.autodiff.Variable;

/** The range that every severity is checked for. */
final class Severity {
  private Severity() {}

  static void require(double severity) {
    if (!(severity >= 0 && severity <= 1)) {
      throw new IllegalArgumentException(
          "collapse: the severity must be from 0 to 1, got " + severity);
    }
  }

  /** The value of a scalar variable, checked. */
  static double of(Variable severity) {
    double value = severity.tensor().item();
    require(value);
    return value;
  }

  /** Whether the severity is exactly this and no gradient is asked of it. */
  static boolean isFixed(Variable severity, double value) {
    return !severity.isTracked() && of(severity) == value;
  }
}
