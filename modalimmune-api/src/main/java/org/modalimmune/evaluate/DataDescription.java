package org.modalimmune.evaluate;

import java.util.List;

/**
 * The data a report is about.
 *
 * @param name name of the data set
 * @param train rows of the training split, without the validation rows
 * @param validation rows held out of training to select the epoch
 * @param test rows of the test split
 * @param classNames names of the classes in the order of their indices
 * @param modalities the modalities in order; their names are distinct
 */
public record DataDescription(
    String name,
    int train,
    int validation,
    int test,
    List<String> classNames,
    List<ModalityDescription> modalities) {

  /**
   * Copies the lists and checks them.
   *
   * @throws IllegalArgumentException if a count is negative, there are no modalities or classes, or
   *     two modalities share a name
   */
  public DataDescription {
    classNames = List.copyOf(classNames);
    modalities = List.copyOf(modalities);
    if (train < 0 || validation < 0 || test < 0) {
      throw new IllegalArgumentException(
          "data " + name + ": negative row counts " + train + ", " + validation + ", " + test);
    }
    if (modalities.isEmpty() || classNames.isEmpty()) {
      throw new IllegalArgumentException(
          "data " + name + ": at least one modality and one class are needed");
    }
    long distinct = modalities.stream().map(ModalityDescription::name).distinct().count();
    if (distinct != modalities.size()) {
      throw new IllegalArgumentException("data " + name + ": two modalities share a name");
    }
  }

  /**
   * The number of classes.
   *
   * @return C
   */
  public int classes() {
    return classNames.size();
  }

  /**
   * The modality names in order.
   *
   * @return the names
   */
  public List<String> modalityNames() {
    return modalities.stream().map(ModalityDescription::name).toList();
  }
}
