package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.tensor.Tensor;

/** Checks row-wise normalisations. */
record AssertingNormalization(NormalizationKernels inner, AssertingAllocator allocator)
    implements NormalizationKernels {
  @Override
  public void softmax(Tensor x, Tensor out) {
    rows("softmax", x, out).run(() -> inner.softmax(x, out));
  }

  @Override
  public void logSoftmax(Tensor x, Tensor out) {
    rows("logSoftmax", x, out).run(() -> inner.logSoftmax(x, out));
  }

  @Override
  public void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd) {
    KernelCall call = rows("layerNorm", x, out).writes(out, reciprocalStd);
    call.require(epsilon > 0, "epsilon is not positive");
    call.require(
        reciprocalStd.shape().equals(x.shape().with(-1, 1)), "reciprocalStd has another shape");
    call.run(() -> inner.layerNorm(x, epsilon, out, reciprocalStd));
  }

  private KernelCall rows(String name, Tensor x, Tensor out) {
    KernelCall call = new KernelCall(allocator, name).reads(x).writes(out);
    call.require(x.shape().rank() > 0 && x.shape().dim(-1) > 0, "there are no rows");
    call.require(x.shape().equals(out.shape()), "shapes differ");
    return call;
  }
}
