package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.tensor.Tensor;

/** Reductions in row-major order, sums compensated. */
public final class ReferenceReduction implements ReductionKernels {
  /** Has no state. */
  public ReferenceReduction() {}

  @Override
  public void reduce(ReduceOp op, Tensor x, Tensor out) {
    View in = View.of(x);
    View z = View.of(out);
    int rank = in.dims().length;
    long[] outer = in.strides().clone();
    long[] innerDims = in.dims().clone();
    for (int i = 0; i < rank; i++) {
      if (z.dims()[i] == in.dims()[i]) {
        innerDims[i] = 1;
      } else {
        outer[i] = 0;
      }
    }
    long[][] outerStrides = {outer, z.strides()};
    Walk w = new Walk(z.dims(), outerStrides, new long[] {in.offset(), z.offset()});
    while (w.next()) {
      Walk inner = new Walk(innerDims, new long[][] {in.strides()}, new long[] {w.at(0)});
      z.set(w.at(1), reduce(op, in, inner));
    }
  }

  @Override
  public void dot(Tensor a, Tensor b, Tensor out) {
    View x = View.of(a);
    View y = View.of(b);
    View z = View.of(out);
    CompensatedSum sum = new CompensatedSum();
    for (Walk w = new Walk(x, y); w.next(); ) {
      sum.add(x.get(w.at(0)) * y.get(w.at(1)));
    }
    z.set(z.offset(), sum.value());
  }

  private static double reduce(ReduceOp op, View in, Walk w) {
    if (op == ReduceOp.SUM) {
      CompensatedSum sum = new CompensatedSum();
      while (w.next()) {
        sum.add(in.get(w.at(0)));
      }
      return sum.value();
    }
    double best = op == ReduceOp.MAX ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    while (w.next()) {
      double v = in.get(w.at(0));
      best = op == ReduceOp.MAX ? Math.max(best, v) : Math.min(best, v);
    }
    return best;
  }
}
