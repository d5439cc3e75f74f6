package org.modalimmune.data;

import java.util.List;
import java.util.Optional;

/**
 * Which columns and modalities a reader takes.
 *
 * @param labelColumn the column that holds the class
 * @param groupColumn the column of the label file that holds the group, or empty
 * @param idColumn the column that names the rows, or empty to take {@code id} where there is one
 * @param modalities the modalities to read, in this order, or empty for all in alphabetical order
 */
public record DatasetOptions(
    String labelColumn,
    Optional<String> groupColumn,
    Optional<String> idColumn,
    List<String> modalities) {
  /** The label column unless another is named. */
  public static final String DEFAULT_LABEL = "label";

  /** The id column that is taken if it exists and no other is named. */
  public static final String DEFAULT_ID = "id";

  /** Copies the list. */
  public DatasetOptions {
    modalities = List.copyOf(modalities);
  }

  /**
   * Label column {@code label}, no groups, id column {@code id} where there is one, all modalities.
   *
   * @return the default options
   */
  public static DatasetOptions defaults() {
    return new DatasetOptions(DEFAULT_LABEL, Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * These options with another label column.
   *
   * @param name the column
   * @return changed options
   */
  public DatasetOptions withLabelColumn(String name) {
    return new DatasetOptions(name, groupColumn, idColumn, modalities);
  }

  /**
   * These options with a group column.
   *
   * @param name the column
   * @return changed options
   */
  public DatasetOptions withGroupColumn(String name) {
    return new DatasetOptions(labelColumn, Optional.of(name), idColumn, modalities);
  }

  /**
   * These options with an id column that must exist.
   *
   * @param name the column
   * @return changed options
   */
  public DatasetOptions withIdColumn(String name) {
    return new DatasetOptions(labelColumn, groupColumn, Optional.of(name), modalities);
  }

  /**
   * These options with the modalities to read.
   *
   * @param names in the order to use
   * @return changed options
   */
  public DatasetOptions withModalities(List<String> names) {
    return new DatasetOptions(labelColumn, groupColumn, idColumn, names);
  }
}
