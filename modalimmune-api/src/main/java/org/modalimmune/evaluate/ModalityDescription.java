package org.modalimmune.evaluate;

/**
 * One modality of the data.
 *
 * @param name its name
 * @param columns feature columns in its file
 * @param constantDropped how many of these are constant on the training split and were dropped
 */
public record ModalityDescription(String name, int columns, int constantDropped) {

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public ModalityDescription {
    if (columns < 1 || constantDropped < 0 || constantDropped >= columns) {
      throw new IllegalArgumentException(
          "modality "
              + name
              + ": "
              + columns
              + " columns of which "
              + constantDropped
              + " dropped; at least one must remain");
    }
  }
}
