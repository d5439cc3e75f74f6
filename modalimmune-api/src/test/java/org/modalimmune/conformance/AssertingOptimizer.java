package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.OptimizerKernels;
import org.modalimmune.tensor.Tensor;

/** Checks parameter updates. */
record AssertingOptimizer(OptimizerKernels inner, AssertingAllocator allocator)
    implements OptimizerKernels {
  @Override
  public void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v) {
    call("adamW", gradient, parameter, m, v)
        .run(() -> inner.adamW(settings, gradient, parameter, m, v));
  }

  @Override
  public void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity) {
    call("momentum", gradient, parameter, velocity)
        .run(
            () ->
                inner.momentum(
                    learningRate, momentum, weightDecay, nesterov, gradient, parameter, velocity));
  }

  private KernelCall call(String name, Tensor gradient, Tensor... updated) {
    KernelCall call = new KernelCall(allocator, name).reads(gradient).updates(updated);
    call.require(gradient.isContiguous(), "the gradient is not contiguous");
    for (Tensor t : updated) {
      call.require(t.isContiguous(), "an updated tensor is not contiguous");
      call.require(t.shape().equals(gradient.shape()), "shapes differ");
    }
    return call;
  }
}
