package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.tensor.Shape;
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
  public void softmaxPullback(Tensor softmax, Tensor cotangent, Tensor out) {
    pullback("softmaxPullback", softmax, cotangent, out)
        .run(() -> inner.softmaxPullback(softmax, cotangent, out));
  }

  @Override
  public void logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent, Tensor out) {
    pullback("logSoftmaxPullback", logSoftmax, cotangent, out)
        .run(() -> inner.logSoftmaxPullback(logSoftmax, cotangent, out));
  }

  @Override
  public void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd) {
    KernelCall call = rows("layerNorm", x, out).writes(out, reciprocalStd);
    call.require(epsilon > 0, "epsilon is not positive");
    requirePerRow(call, x, reciprocalStd);
    call.run(() -> inner.layerNorm(x, epsilon, out, reciprocalStd));
  }

  @Override
  public void scaledLayerNorm(
      Tensor x,
      Tensor gain,
      Tensor bias,
      double epsilon,
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor out) {
    KernelCall call =
        rows("scaledLayerNorm", x, out).reads(x, gain, bias).writes(out, normalized, reciprocalStd);
    call.require(epsilon > 0, "epsilon is not positive");
    call.require(normalized.shape().equals(x.shape()), "normalized has another shape");
    requirePerRow(call, x, reciprocalStd);
    requirePerColumn(call, x, gain, bias);
    call.run(() -> inner.scaledLayerNorm(x, gain, bias, epsilon, normalized, reciprocalStd, out));
  }

  @Override
  public void layerNormPullback(
      Tensor normalized, Tensor reciprocalStd, Tensor cotangent, Tensor out) {
    KernelCall call =
        rows("layerNormPullback", normalized, out).reads(normalized, reciprocalStd, cotangent);
    call.require(cotangent.shape().equals(out.shape()), "the cotangent has another shape");
    requirePerRow(call, normalized, reciprocalStd);
    call.run(() -> inner.layerNormPullback(normalized, reciprocalStd, cotangent, out));
  }

  @Override
  public void scaledLayerNormPullback(
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor gain,
      Tensor cotangent,
      Tensor out,
      Tensor gainOut,
      Tensor biasOut) {
    KernelCall call =
        rows("scaledLayerNormPullback", normalized, out)
            .reads(normalized, reciprocalStd, gain, cotangent)
            .writes(out, gainOut, biasOut);
    call.require(cotangent.shape().equals(out.shape()), "the cotangent has another shape");
    requirePerRow(call, normalized, reciprocalStd);
    requirePerColumn(call, normalized, gain, gainOut, biasOut);
    call.run(
        () ->
            inner.scaledLayerNormPullback(
                normalized, reciprocalStd, gain, cotangent, out, gainOut, biasOut));
  }

  private static void requirePerRow(KernelCall call, Tensor x, Tensor reciprocalStd) {
    call.require(
        reciprocalStd.shape().equals(x.shape().with(-1, 1)), "reciprocalStd has another shape");
  }

  private static void requirePerColumn(KernelCall call, Tensor x, Tensor... vectors) {
    for (Tensor v : vectors) {
      call.require(v.shape().equals(Shape.of(x.shape().dim(-1))), "a vector of columns is none");
    }
  }

  private KernelCall pullback(String name, Tensor y, Tensor cotangent, Tensor out) {
    KernelCall call = rows(name, y, out).reads(y, cotangent);
    call.require(cotangent.shape().equals(out.shape()), "the cotangent has another shape");
    return call;
  }

  private KernelCall rows(String name, Tensor x, Tensor out) {
    KernelCall call = new KernelCall(allocator, name).reads(x).writes(out);
    call.require(x.shape().rank() > 0 && x.shape().dim(-1) > 0, "there are no rows");
    call.require(x.shape().equals(out.shape()), "shapes differ");
    return call;
  }
}
