package org.modalimmune.data;

import java.util.List;

/**
 * What data must look like to fit a model: its modalities and its classes.
 *
 * @param modalities the modalities with their columns, in the model's order
 * @param classNames the class names; a label's index is its place in this list
 */
public record DatasetSchema(List<Modality> modalities, List<String> classNames) {
  /** Copies the lists. */
  public DatasetSchema {
    modalities = List.copyOf(modalities);
    classNames = List.copyOf(classNames);
  }

  /**
   * The modalities' names.
   *
   * @return in the order of {@link #modalities()}
   */
  public List<String> modalityNames() {
    return modalities.stream().map(Modality::name).toList();
  }
}
