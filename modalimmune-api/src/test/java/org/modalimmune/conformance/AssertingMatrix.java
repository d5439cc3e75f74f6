package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Checks matrix products. */
record AssertingMatrix(MatrixKernels inner, AssertingAllocator allocator) implements MatrixKernels {
  @Override
  public void matmul(Tensor a, Tensor b, Tensor out) {
    KernelCall call = new KernelCall(allocator, "matmul").reads(a, b).writes(out);
    Shape left = a.shape();
    Shape right = b.shape();
    call.require(left.rank() >= 2 && left.rank() == right.rank(), "ranks differ or are below 2");
    call.require(left.dim(-1) == right.dim(-2), "inner sizes differ");
    call.require(lead(left).equals(lead(right)), "leading axes differ");
    call.require(out.shape().equals(left.with(-1, right.dim(-1))), "the output has another shape");
    call.run(() -> inner.matmul(a, b, out));
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor bias, Tensor out) {
    boolean inPlace = bias.shape().rank() == 2 && KernelCall.sameView(bias, out);
    KernelCall call = new KernelCall(allocator, "linear").reads(x, w);
    if (inPlace) {
      call.updates(out);
    } else {
      call.reads(x, w, bias).writes(out);
    }
    call.require(x.shape().rank() == 2 && w.shape().rank() == 2, "ranks are not 2");
    call.require(x.shape().dim(1) == w.shape().dim(0), "inner sizes differ");
    call.require(
        bias.shape().equals(Shape.of(w.shape().dim(1))) || bias.shape().equals(out.shape()),
        "the bias has another shape");
    call.require(
        out.shape().equals(Shape.of(x.shape().dim(0), w.shape().dim(1))),
        "the output has another shape");
    call.run(() -> inner.linear(x, w, bias, out));
  }

  private static Shape lead(Shape s) {
    return s.without(-1).without(-1);
  }
}
