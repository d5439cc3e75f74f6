package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.backend.Backend;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * A symmetric linear map whose vectors lie on a backend, in blocks: one tensor per parameter, say.
 * It is known by its products. The computed product y^ must lie within {@code |y^ - H x| <=
 * relativeProductError() |H| |x|}, Euclidean norms over all blocks, for x whose largest component
 * is from 1 to 2.
 */
public interface TensorOperator {
  /** Where the vectors lie. */
  Backend backend();

  /** A new vector of zeros, a contiguous tensor per block; its shapes and types are those of x. */
  List<Tensor> newVector(Scope scope);

  /**
   * Writes H x to {@code y}.
   *
   * @param x blocks like those of {@link #newVector}, not to be changed
   * @param y blocks like those of {@link #newVector}, contiguous, overwritten
   */
  void apply(List<Tensor> x, List<Tensor> y);

  /** Bound on the error of a product, relative to {@code |H| |x|}, storing the result included. */
  double relativeProductError();
}
