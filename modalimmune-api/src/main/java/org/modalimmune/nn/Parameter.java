package org.modalimmune.nn;

import org.modalimmune.tensor.Tensor;

/**
 * A named tensor that training changes in place.
 *
 * @param name path of the layer and role, such as {@code encoder.text.0.weight}
 * @param value the values; contiguous, alive as long as the scope of the layer
 * @param decayed whether weight decay applies: to matrices, not to biases and gains
 */
public record Parameter(String name, Tensor value, boolean decayed) {
  /**
   * Checks the name and the layout.
   *
   * @throws IllegalArgumentException if the name is empty or the tensor is a strided view
   */
  public Parameter {
    if (name.isBlank()) {
      throw new IllegalArgumentException("parameter: needs a name, such as encoder.text.0.weight");
    }
    if (!value.isContiguous()) {
      throw new IllegalArgumentException(
          "parameter " + name + ": needs a contiguous tensor, got a view " + value.shape());
    }
  }
}
