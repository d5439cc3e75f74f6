package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.tensor.Tensor;

/** Matrix products by three loops, each element summed in float64 in the order of k. */
public final class ReferenceMatrix implements MatrixKernels {
  /** Has no state. */
  public ReferenceMatrix() {}

  @Override
  public void matmul(Tensor a, Tensor b, Tensor out) {
    multiply(View.of(a), View.of(b), View.of(out));
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor bias, Tensor out) {
    View a = View.of(x);
    View b = View.of(w);
    View c = View.of(bias.expand(out.shape()));
    View z = View.of(out);
    for (long i = 0; i < z.dims()[0]; i++) {
      for (long j = 0; j < z.dims()[1]; j++) {
        z.set(position(z, i, j), c.get(position(c, i, j)) + dot(a, i, b, j));
      }
    }
  }

  private static void multiply(View a, View b, View out) {
    if (out.dims().length > 2) {
      for (long i = 0; i < out.dims()[0]; i++) {
        multiply(a.select(0, i), b.select(0, i), out.select(0, i));
      }
      return;
    }
    for (long i = 0; i < out.dims()[0]; i++) {
      for (long j = 0; j < out.dims()[1]; j++) {
        out.set(position(out, i, j), dot(a, i, b, j));
      }
    }
  }

  private static double dot(View a, long row, View b, long column) {
    double sum = 0;
    for (long k = 0; k < a.dims()[1]; k++) {
      sum += a.get(position(a, row, k)) * b.get(position(b, k, column));
    }
    return sum;
  }

  private static long position(View v, long row, long column) {
    return v.offset() + row * v.strides()[0] + column * v.strides()[1];
  }
}
