package org.modalimmune.cpu.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.Tensor;

/** Element-wise kernels, one element after the other. */
public final class ReferenceElementwise implements ElementwiseKernels {
  /** Has no state. */
  public ReferenceElementwise() {}

  @Override
  public void unary(UnaryOp op, Tensor x, Tensor out) {
    map(UnaryFunctions.of(op), x, out);
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    combine(BinaryFunctions.of(op), a, b, out);
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor out) {
    View c = View.of(condition);
    View x = View.of(a);
    View y = View.of(b);
    View z = View.of(out);
    for (Walk w = new Walk(c, x, y, z); w.next(); ) {
      z.set(w.at(3), c.get(w.at(0)) != 0 ? x.get(w.at(1)) : y.get(w.at(2)));
    }
  }

  @Override
  public void affine(Tensor x, double scale, double shift, Tensor out) {
    map(v -> scale * v + shift, x, out);
  }

  @Override
  public void clamp(Tensor x, double low, double high, Tensor out) {
    map(v -> Math.min(Math.max(v, low), high), x, out);
  }

  @Override
  public void axpy(double alpha, Tensor x, Tensor y) {
    combine((a, b) -> alpha * a + b, x, y, y);
  }

  @Override
  public void fill(double value, Tensor out) {
    View z = View.of(out);
    for (Walk w = new Walk(z); w.next(); ) {
      z.set(w.at(0), value);
    }
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    map(v -> v, x, out);
  }

  private static void map(DoubleUnaryOperator f, Tensor x, Tensor out) {
    View in = View.of(x);
    View z = View.of(out);
    for (Walk w = new Walk(in, z); w.next(); ) {
      z.set(w.at(1), f.applyAsDouble(in.get(w.at(0))));
    }
  }

  private static void combine(DoubleBinaryOperator f, Tensor a, Tensor b, Tensor out) {
    View x = View.of(a);
    View y = View.of(b);
    View z = View.of(out);
    for (Walk w = new Walk(x, y, z); w.next(); ) {
      z.set(w.at(2), f.applyAsDouble(x.get(w.at(0)), y.get(w.at(1))));
    }
  }
}
