package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Checks products with a centred matrix. */
record AssertingGram(GramKernels inner, AssertingAllocator allocator) implements GramKernels {
  @Override
  public void columnMoments(Tensor z, Tensor pivot, Tensor moments) {
    KernelCall call =
        new KernelCall(allocator, "columnMoments")
            .reads(z, pivot)
            .writes(moments)
            .allowingMixedTypes();
    requireMatrix(call, z);
    call.require(pivot.dtype() == z.dtype(), "the pivot has another type");
    call.require(pivot.shape().equals(Shape.of(z.shape().dim(1))), "the pivot has another shape");
    requireBlock(call, moments, 4, z.shape().dim(1));
    call.run(() -> inner.columnMoments(z, pivot, moments));
  }

  @Override
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    KernelCall call = call("multiply", z, columns, v, out);
    requireBlock(call, v, v.shape().dim(0), z.shape().dim(1));
    requireBlock(call, out, v.shape().dim(0), z.shape().dim(0));
    call.run(() -> inner.multiply(z, columns, v, out));
  }

  @Override
  public void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out) {
    KernelCall call = call("multiplyTransposed", z, columns, u, out);
    requireBlock(call, u, u.shape().dim(0), z.shape().dim(0));
    requireBlock(call, out, u.shape().dim(0), z.shape().dim(1));
    call.run(() -> inner.multiplyTransposed(z, columns, u, out));
  }

  @Override
  public void gram(Tensor z, Tensor columns, Tensor v, Tensor out) {
    KernelCall call = call("gram", z, columns, v, out);
    requireBlock(call, v, v.shape().dim(0), z.shape().dim(1));
    requireBlock(call, out, v.shape().dim(0), z.shape().dim(1));
    call.run(() -> inner.gram(z, columns, v, out));
  }

  @Override
  public void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out) {
    KernelCall call = call("rowGram", z, columns, u, out);
    requireBlock(call, u, u.shape().dim(0), z.shape().dim(0));
    requireBlock(call, out, u.shape().dim(0), z.shape().dim(0));
    call.run(() -> inner.rowGram(z, columns, u, out));
  }

  @Override
  public void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out) {
    KernelCall call =
        new KernelCall(allocator, "deflate")
            .reads(z, columns, v, weight)
            .writes(out)
            .allowingMixedTypes();
    requireAffine(call, z, columns);
    call.require(
        v.dtype() == DType.FLOAT64
            && v.shape().equals(Shape.of(z.shape().dim(1)))
            && v.isContiguous(),
        "v is not contiguous float64 [d]");
    call.require(
        weight.dtype() == z.dtype() && weight.elements() == 1, "the weight is not a scalar");
    call.require(
        out.dtype() == z.dtype() && out.shape().equals(z.shape()) && out.isContiguous(),
        "the output is not contiguous or has another type or shape");
    call.run(() -> inner.deflate(z, columns, v, share, factor, weight, out));
  }

  private KernelCall call(String name, Tensor z, Tensor columns, Tensor in, Tensor out) {
    KernelCall call =
        new KernelCall(allocator, name).reads(z, columns, in).writes(out).allowingMixedTypes();
    requireAffine(call, z, columns);
    long k = in.shape().rank() == 2 ? in.shape().dim(0) : 0;
    call.require(k >= 1 && k <= LARGEST_BLOCK, "the block has none or too many vectors");
    return call;
  }

  private static void requireMatrix(KernelCall call, Tensor z) {
    call.require(z.shape().rank() == 2 && z.elements() > 0, "z is not a matrix with elements");
  }

  private static void requireAffine(KernelCall call, Tensor z, Tensor columns) {
    requireMatrix(call, z);
    call.require(columns.dtype() == z.dtype(), "the columns have another type");
    call.require(
        columns.shape().equals(Shape.of(3, z.shape().dim(1))) && columns.isContiguous(),
        "the columns are not contiguous [3, d]");
  }

  private static void requireBlock(KernelCall call, Tensor t, long k, long length) {
    call.require(
        t.dtype() == DType.FLOAT64 && t.shape().equals(Shape.of(k, length)) && t.isContiguous(),
        "a block is not contiguous float64 [" + k + ", " + length + "]");
  }
}
