package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/** Fused parameter updates in place; all tensors are contiguous and of one shape. */
public interface OptimizerKernels {
  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g g; w = w - rate (mhat / (sqrt(vhat) +
   * epsilon) + weightDecay w), with mhat = m / (1 - beta1^step) and vhat = v / (1 - beta2^step).
   */
  void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v);

  /**
   * velocity = momentum velocity + g + weightDecay w; w = w - rate velocity (or, with Nesterov, w -
   * rate (g + weightDecay w + momentum velocity)).
   */
  void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity);
}
