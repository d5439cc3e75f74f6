package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/** Row-wise normalisations over the last axis, whose size is at least 1. */
public interface NormalizationKernels {
  /**
   * {@code out = exp(x - max) / sum exp(x - max)} per row. A row that contains NaN or +infinity, or
   * only -infinity, becomes NaN.
   */
  void softmax(Tensor x, Tensor out);

  /**
   * {@code out = x - max - ln sum exp(x - max)} per row; exceptional rows as in {@link #softmax}.
   */
  void logSoftmax(Tensor x, Tensor out);

  /**
   * {@code out = (x - mean) reciprocalStd} and {@code reciprocalStd = 1 / sqrt(variance + epsilon)}
   * per row, the variance divided by the row length (Ba, Kiros and Hinton, arXiv 1607.06450).
   *
   * @param reciprocalStd x's shape with last axis 1
   */
  void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd);
}
