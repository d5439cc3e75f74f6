package org.modalimmune.conformance;

import java.util.HashMap;
import java.util.Map;
import org.modalimmune.tensor.DType;

/** Expected cotangents of softmax and of its logarithm, for rows y and their cotangent g. */
final class SoftmaxPullbackOracle {
  private final double[] y;
  private final double[] g;
  private final int n;
  private final DType dtype;
  private final Map<Integer, RowSums> rows = new HashMap<>();

  /** Sums over a row of g and of g y, and of their magnitudes. */
  private record RowSums(DoubleDouble sum, DoubleDouble along, double magnitude, double products) {}

  SoftmaxPullbackOracle(double[] y, double[] g, long rowLength, DType dtype) {
    this.y = y;
    this.g = g;
    this.n = Math.toIntExact(rowLength);
    this.dtype = dtype;
  }

  /** y (g - sum g y). */
  Bounded softmax(int i) {
    RowSums row = rows.computeIfAbsent(i / n, this::sums);
    if (Double.isNaN(row.magnitude())) {
      return Bounded.exactly(Double.NaN);
    }
    double size = Math.abs(y[i]);
    return Bounded.within(
        DoubleDouble.of(g[i]).minus(row.along()).times(DoubleDouble.of(y[i])),
        Tolerances.softmaxPullback(n, size * Math.abs(g[i]), size * row.products(), size, dtype));
  }

  /** g - exp(y) sum g. */
  Bounded logSoftmax(int i) {
    RowSums row = rows.computeIfAbsent(i / n, this::sums);
    if (Double.isNaN(row.magnitude())) {
      return Bounded.exactly(Double.NaN);
    }
    DoubleDouble share = DoubleDoubleMath.exp(DoubleDouble.of(y[i]));
    return Bounded.within(
        DoubleDouble.of(g[i]).minus(share.times(row.sum())),
        Tolerances.logSoftmaxPullback(n, Math.abs(g[i]), share.hi(), row.magnitude(), dtype));
  }

  private RowSums sums(int row) {
    DoubleDouble sum = DoubleDouble.ZERO;
    DoubleDouble along = DoubleDouble.ZERO;
    double magnitude = 0;
    double products = 0;
    for (int j = row * n; j < (row + 1) * n; j++) {
      DoubleDouble product = DoubleDouble.product(g[j], y[j]);
      sum = sum.plus(g[j]);
      along = along.plus(product);
      magnitude += Math.abs(g[j]);
      products += Math.abs(product.hi());
    }
    return new RowSums(sum, along, magnitude, products);
  }
}
