package org.modalimmune.data;

import java.util.List;

/**
 * An input channel of a data set.
 *
 * @param name the modality's name, for example {@code text}
 * @param columnNames the names of its feature columns, in order
 */
public record Modality(String name, List<String> columnNames) {
  /** Copies the names. */
  public Modality {
    columnNames = List.copyOf(columnNames);
  }

  /**
   * Number of feature columns.
   *
   * @return at least 1 in a data set that was read
   */
  public int columns() {
    return columnNames.size();
  }
}
