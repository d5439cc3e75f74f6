package org.modalimmune.autodiff;

import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Values of a tensor on the host, exactly representable in {@code dtype}. */
@SuppressWarnings("ArrayRecordComponent") // private to one check, never compared
record HostArray(DType dtype, Shape shape, double[] values) {
  static HostArray of(Tensor t) {
    return new HostArray(t.dtype(), t.shape(), t.toDoubleArray());
  }

  /** Uniform in [-scale, scale), rounded to {@code dtype}. */
  static HostArray draw(RandomStream random, DType dtype, Shape shape, double scale) {
    double[] values = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      double v = scale * (2 * random.nextDouble() - 1);
      values[i] = dtype == DType.FLOAT32 ? (float) v : v;
    }
    return new HostArray(dtype, shape, values);
  }

  /** Root of the mean square; 1 where that is 0 or there are no elements. */
  double scale() {
    double sum = 0;
    for (double v : values) {
      sum += v * v;
    }
    double rms = Math.sqrt(sum / values.length);
    return rms > 0 ? rms : 1;
  }

  /** {@code this + step direction} as a float64 tensor. */
  Tensor moved(Scope scope, double step, HostArray direction) {
    double[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction.values[i];
    }
    return scope.of(DType.FLOAT64, shape, moved);
  }

  Tensor on(Scope scope) {
    return scope.of(dtype, shape, values);
  }
}
