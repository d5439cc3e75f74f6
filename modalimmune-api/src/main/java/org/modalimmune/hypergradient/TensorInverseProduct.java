package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.tensor.Tensor;

/**
 * An approximation q of H^-1 v that lies on a backend, with what is known of its error. The
 * certificate speaks of the very numbers in the tensors.
 *
 * @param solution q, blocks like those of the operator, in the scope that the caller named
 * @param certificate what is known of |q - H^-1 v|
 */
public record TensorInverseProduct(List<Tensor> solution, Certificate certificate) {
  /** Copies the list. */
  public TensorInverseProduct {
    solution = List.copyOf(solution);
  }

  /** Whether the certificate carries a bound. */
  public boolean isCertified() {
    return certificate instanceof Certificate.Bounded;
  }
}
