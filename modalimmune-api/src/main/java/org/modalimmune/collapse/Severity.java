package org.modalimmune.collapse;

/** The range that every severity is checked for. */
final class Severity {
  private Severity() {}

  static void require(String operation, double severity) {
    if (!(severity >= 0 && severity <= 1)) {
      throw new IllegalArgumentException(
          operation + ": the severity must be from 0 to 1, got " + severity);
    }
  }
}
