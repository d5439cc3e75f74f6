package org.modalimmune.data;

import java.util.List;

/**
 * All that training and model selection may see: rows to fit and rows to select by. There is no way
 * from here to a test row.
 *
 * @param name the data set's name
 * @param schema modalities and classes
 * @param train rows to fit
 * @param validation rows to select by, disjoint from {@code train}
 * @param notes what the validation split could not satisfy, one sentence each; mostly empty
 */
public record TrainingData(
    String name,
    DatasetSchema schema,
    MultimodalSplit train,
    MultimodalSplit validation,
    List<String> notes) {
  /** Copies the notes. */
  public TrainingData {
    notes = List.copyOf(notes);
  }
}
