package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.Tensor;

/** Checks element-wise calls. */
record AssertingElementwise(ElementwiseKernels inner, AssertingAllocator allocator)
    implements ElementwiseKernels {
  @Override
  public void unary(UnaryOp op, Tensor x, Tensor out) {
    call("unary " + op, out, x).run(() -> inner.unary(op, x, out));
  }

  @Override
  public void geluWithDerivative(Tensor x, Tensor out, Tensor derivative) {
    KernelCall call =
        new KernelCall(allocator, "geluWithDerivative").reads(x).writes(out, derivative);
    call.require(
        x.shape().equals(out.shape()) && x.shape().equals(derivative.shape()), "shapes differ");
    call.run(() -> inner.geluWithDerivative(x, out, derivative));
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    call("binary " + op, out, a, b).run(() -> inner.binary(op, a, b, out));
  }

  @Override
  public void multiplyAdd(Tensor a, Tensor b, Tensor c, Tensor out) {
    KernelCall call = new KernelCall(allocator, "multiplyAdd").reads(a, b, c).writes(out);
    for (Tensor in : new Tensor[] {a, b, c}) {
      call.require(in.shape().equals(out.shape()), "shapes differ");
    }
    call.run(() -> inner.multiplyAdd(a, b, c, out));
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor out) {
    call("select", out, condition, a, b).run(() -> inner.select(condition, a, b, out));
  }

  @Override
  public void affine(Tensor x, double scale, double shift, Tensor out) {
    call("affine", out, x).run(() -> inner.affine(x, scale, shift, out));
  }

  @Override
  public void clamp(Tensor x, double low, double high, Tensor out) {
    KernelCall call = call("clamp", out, x);
    call.require(low <= high, "low above high");
    call.run(() -> inner.clamp(x, low, high, out));
  }

  @Override
  public void axpy(double alpha, Tensor x, Tensor y) {
    KernelCall call = new KernelCall(allocator, "axpy").reads(x).updates(y).allowingSameView();
    call.require(x.shape().equals(y.shape()), "shapes differ");
    call.run(() -> inner.axpy(alpha, x, y));
  }

  @Override
  public void fill(double value, Tensor out) {
    call("fill", out).run(() -> inner.fill(value, out));
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    call("copy", out, x).allowingMixedTypes().run(() -> inner.copy(x, out));
  }

  private KernelCall call(String name, Tensor out, Tensor... operands) {
    KernelCall call =
        new KernelCall(allocator, name).reads(operands).writes(out).allowingSameView();
    for (Tensor in : operands) {
      call.require(in.shape().equals(out.shape()), "shapes differ");
    }
    return call;
  }
}
