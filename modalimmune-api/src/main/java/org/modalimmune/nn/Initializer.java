package org.modalimmune.nn;

import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** First values of a parameter. */
@FunctionalInterface
public interface Initializer {
  /**
   * A new contiguous tensor in {@code ops.scope()}; equal arguments give equal values.
   *
   * @param key names the random numbers
   */
  Tensor create(Ops ops, RandomKey key, DType dtype, Shape shape);
}
