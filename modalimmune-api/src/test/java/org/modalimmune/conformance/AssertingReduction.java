package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Checks reductions. */
record AssertingReduction(ReductionKernels inner, AssertingAllocator allocator)
    implements ReductionKernels {
  @Override
  public void reduce(ReduceOp op, Tensor x, Tensor out) {
    KernelCall call = new KernelCall(allocator, "reduce " + op).reads(x).writes(out);
    Shape from = x.shape();
    Shape to = out.shape();
    call.require(from.rank() == to.rank(), "ranks differ");
    for (int i = 0; i < from.rank(); i++) {
      call.require(to.dim(i) == 1 || to.dim(i) == from.dim(i), "axis " + i + " differs");
    }
    call.require(
        op == ReduceOp.SUM || x.elements() > 0 || out.elements() == 0, "nothing to choose from");
    call.run(() -> inner.reduce(op, x, out));
  }

  @Override
  public void dot(Tensor a, Tensor b, Tensor out) {
    KernelCall call = new KernelCall(allocator, "dot").reads(a, b).writes(out);
    call.require(a.shape().equals(b.shape()), "shapes differ");
    call.require(out.shape().rank() == 0, "the output is not a scalar");
    call.run(() -> inner.dot(a, b, out));
  }
}
