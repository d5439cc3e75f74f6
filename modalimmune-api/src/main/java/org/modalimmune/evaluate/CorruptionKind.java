package org.modalimmune.evaluate;

import java.util.Locale;

/** How a modality is spoilt without the model being told. */
public enum CorruptionKind {
  /**
   * Gaussian noise added to the standardised features; the level is its standard deviation, so 1 is
   * as large as the feature's own spread.
   */
  GAUSSIAN,
  /** The modality's rows are permuted among the samples; there is no level. */
  SHUFFLE;

  /**
   * The name used in reports.
   *
   * @return the lower-case name
   */
  public String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind with a report name.
   *
   * @param name for example {@code gaussian}
   * @return the kind
   * @throws IllegalArgumentException if there is none
   */
  public static CorruptionKind ofReportName(String name) {
    for (CorruptionKind kind : values()) {
      if (kind.reportName().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "corruption kind: \"" + name + "\" is not one of gaussian, shuffle");
  }
}
