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
   * Adjoint of {@link #softmax}'s derivative: {@code out = y (g - sum g y)}, the sum per row. A row
   * with NaN becomes NaN.
   *
   * @param softmax y, rows that softmax wrote
   * @param cotangent g
   */
  void softmaxPullback(Tensor softmax, Tensor cotangent, Tensor out);

  /**
   * Adjoint of {@link #logSoftmax}'s derivative: {@code out = g - exp(y) sum g}, the sum per row. A
   * row whose cotangent has NaN becomes NaN.
   *
   * @param logSoftmax y, rows that logSoftmax wrote
   * @param cotangent g
   */
  void logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent, Tensor out);

  /**
   * {@code out = (x - mean) reciprocalStd} and {@code reciprocalStd = 1 / sqrt(variance + epsilon)}
   * per row, the variance divided by the row length (Ba, Kiros and Hinton, arXiv 1607.06450).
   *
   * @param reciprocalStd x's shape with last axis 1
   */
  void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd);

  /**
   * {@link #layerNorm} to {@code normalized}, then {@code out = normalized gain + bias} column by
   * column.
   *
   * @param gain [n] for rows of n elements
   * @param bias [n]
   */
  void scaledLayerNorm(
      Tensor x,
      Tensor gain,
      Tensor bias,
      double epsilon,
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor out);

  /**
   * Adjoint of {@link #layerNorm}'s derivative: {@code out = reciprocalStd (g - mean g - normalized
   * mean(g normalized))}, means per row. A row with NaN becomes NaN.
   *
   * @param normalized rows that layerNorm wrote
   * @param reciprocalStd their reciprocal deviations, last axis 1
   * @param cotangent g
   */
  void layerNormPullback(Tensor normalized, Tensor reciprocalStd, Tensor cotangent, Tensor out);

  /**
   * Adjoint of {@link #scaledLayerNorm}'s derivative: {@link #layerNormPullback} of {@code g gain},
   * and for each column the sums over the rows {@code gainOut = sum g normalized} and {@code
   * biasOut = sum g}, added up as sums are.
   *
   * @param gain [n] for rows of n elements
   * @param gainOut [n]
   * @param biasOut [n]
   */
  void scaledLayerNormPullback(
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor gain,
      Tensor cotangent,
      Tensor out,
      Tensor gainOut,
      Tensor biasOut);
}
