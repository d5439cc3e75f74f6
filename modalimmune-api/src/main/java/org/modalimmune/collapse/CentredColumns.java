package org.modalimmune.collapse;

import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * How the columns of an embedding Z [B, d] are centred and scaled on the way into products ({@link
 * org.modalimmune.backend.kernel.GramKernels}): A = scale (Z - mean), its largest element in [1,
 * 2), constant columns exactly 0.
 *
 * @param affine [3, d] of Z's type: scale, shift and rest
 * @param scale the power of two; 0 if every column is constant
 * @param trace |A|_F^2
 */
record CentredColumns(Tensor affine, double scale, double trace) {
  /**
   * One pass over Z, a second one about the means where the first row is no good guess of them.
   *
   * @param z [B, d], finite, its largest magnitude far from the ends of the range
   * @param first moments about the first row
   */
  static CentredColumns of(Ops ops, Tensor z, double[] first) {
    int d = Math.toIntExact(z.shape().dim(1));
    double rows = z.shape().dim(0);
    double[] moments = first;
    double[] pivot = ops.copy(z.select(0, 0)).toDoubleArray();
    if (z.dtype() == DType.FLOAT64 || cancels(moments, d, rows)) {
      for (int j = 0; j < d; j++) {
        pivot[j] += moments[j] / rows;
      }
      Tensor means = ops.scope().of(z.dtype(), Shape.of(d), pivot);
      pivot = means.toDoubleArray();
      moments = ops.gram().columnMoments(z, means).toDoubleArray();
    }
    double spread = 0;
    double squares = 0;
    for (int j = 0; j < d; j++) {
      double low = moments[2 * d + j];
      double high = moments[3 * d + j];
      if (low < high) {
        double offset = moments[j] / rows;
        spread = Math.max(spread, Math.max(high - pivot[j] - offset, offset - (low - pivot[j])));
        squares += Math.max(0, moments[d + j] - offset * moments[j]);
      }
    }
    double scale = spread == 0 ? 0 : Math.scalb(1.0, -Math.getExponent(spread));
    double[] affine = new double[3 * d];
    for (int j = 0; j < d; j++) {
      if (moments[2 * d + j] < moments[3 * d + j]) {
        double offset = moments[j] / rows;
        double mean = pivot[j] + offset;
        double rounded = z.dtype() == DType.FLOAT32 ? (float) mean : mean;
        affine[j] = scale;
        affine[d + j] = -scale * rounded;
        affine[2 * d + j] = -scale * (pivot[j] - rounded + offset);
      }
    }
    Tensor columns = ops.scope().of(z.dtype(), Shape.of(3, d), affine);
    return new CentredColumns(columns, scale, squares * scale * scale);
  }

  /** Whether a column's squares about the pivot are mostly those of its mean. */
  private static boolean cancels(double[] moments, int d, double rows) {
    for (int j = 0; j < d; j++) {
      double square = moments[d + j];
      if (square - moments[j] * moments[j] / rows < 0x1p-8 * square) {
        return true;
      }
    }
    return false;
  }
}
