package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.RandomKernels;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Tensor;

/** Checks random fills. */
record AssertingRandom(RandomKernels inner, AssertingAllocator allocator) implements RandomKernels {
  @Override
  public void uniform(RandomKey key, Tensor out) {
    call("uniform", out).run(() -> inner.uniform(key, out));
  }

  @Override
  public void normal(RandomKey key, Tensor out) {
    call("normal", out).run(() -> inner.normal(key, out));
  }

  private KernelCall call(String name, Tensor out) {
    KernelCall call = new KernelCall(allocator, name).writes(out);
    call.require(out.isContiguous(), "the output is not contiguous");
    return call;
  }
}
