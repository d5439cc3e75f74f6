package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.DecompositionKernels;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Checks decompositions. */
record AssertingDecomposition(DecompositionKernels inner, AssertingAllocator allocator)
    implements DecompositionKernels {
  @Override
  public void symmetricEigen(Tensor a, Tensor values, Tensor vectors) {
    KernelCall call = square("symmetricEigen", a).writes(values, vectors);
    call.require(values.shape().equals(Shape.of(a.shape().dim(0))), "values: another shape");
    call.require(vectors.shape().equals(a.shape()), "vectors: another shape");
    call.run(() -> inner.symmetricEigen(a, values, vectors));
  }

  @Override
  public void cholesky(Tensor a, Tensor lower) {
    KernelCall call = square("cholesky", a).writes(lower);
    call.require(lower.shape().equals(a.shape()), "shapes differ");
    call.run(() -> inner.cholesky(a, lower));
  }

  @Override
  public void solveTriangular(Tensor lower, boolean transposed, Tensor b, Tensor x) {
    KernelCall call = square("solveTriangular", lower).reads(lower, b).writes(x);
    call.require(
        b.shape().rank() == 2 && b.shape().dim(0) == lower.shape().dim(0), "B: another shape");
    call.require(x.shape().equals(b.shape()), "X: another shape");
    call.run(() -> inner.solveTriangular(lower, transposed, b, x));
  }

  private KernelCall square(String name, Tensor a) {
    KernelCall call = new KernelCall(allocator, name).reads(a);
    call.require(
        a.shape().rank() == 2 && a.shape().dim(0) == a.shape().dim(1), "the matrix is not square");
    return call;
  }
}
