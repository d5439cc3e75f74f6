package org.modalimmune.evaluate;

/** What is asked about the factors of a full factorial experiment; y(S) is the run with S on. */
public enum EffectKind {
  /** Mean of y(S + j) - y(S) over all S without j: what j adds, on average over the others. */
  MAIN("main"),
  /** y(j) - y(nothing): what j adds alone. */
  ADDED_ALONE("addedAlone"),
  /** y(all) - y(all but j): what is lost without j. */
  TAKEN_FROM_ALL("takenFromAll"),
  /**
   * Mean of [y(S + i + j) - y(S + i)] - [y(S + j) - y(S)] over all S without i and j: how much more
   * j adds where i is on than where it is off, and the other way round.
   */
  INTERACTION("interaction");

  private final String reportName;

  EffectKind(String reportName) {
    this.reportName = reportName;
  }

  /**
   * The name used in reports.
   *
   * @return for example {@code addedAlone}
   */
  public String reportName() {
    return reportName;
  }

  /**
   * The kind with a report name.
   *
   * @param name for example {@code main}
   * @return the kind
   * @throws IllegalArgumentException if there is none
   */
  public static EffectKind ofReportName(String name) {
    for (EffectKind kind : values()) {
      if (kind.reportName.equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "effect: \"" + name + "\" is not one of main, addedAlone, takenFromAll, interaction");
  }
}
