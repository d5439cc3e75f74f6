package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/**
 * Reductions. Float32 sums carry enough extra precision that the bound of {@code
 * spec/tolerances.md} holds at 10^7 elements; the order of summation is a fixed tree that no thread
 * count changes.
 */
public interface ReductionKernels {
  /**
   * Reduces the axes on which {@code out} has size 1 and {@code x} has not; both have the same rank
   * and agree on all other axes.
   */
  void reduce(ReduceOp op, Tensor x, Tensor out);

  /**
   * {@code out = sum of a b} over all elements; {@code a} and {@code b} have one shape, out is a
   * scalar.
   */
  void dot(Tensor a, Tensor b, Tensor out);
}
