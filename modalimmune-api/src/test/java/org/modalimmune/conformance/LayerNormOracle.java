package org.modalimmune.conformance;

import java.util.Arrays;
import org.modalimmune.tensor.DType;

/** Expected values of layer normalisation, row by row. */
final class LayerNormOracle {
  private final double[] x;
  private final int n;
  private final double epsilon;
  private final DType dtype;
  private final Row[] rows;

  private record Row(boolean finite, DoubleDouble mean, DoubleDouble variance, double meanError) {}

  LayerNormOracle(double[] x, long rowLength, double epsilon, DType dtype) {
    this.x = x;
    this.n = Math.toIntExact(rowLength);
    this.epsilon = epsilon;
    this.dtype = dtype;
    this.rows = new Row[x.length / n];
    Arrays.setAll(rows, this::row);
  }

  private Row row(int r) {
    DoubleDouble sum = DoubleDouble.ZERO;
    double magnitude = 0;
    for (int j = r * n; j < (r + 1) * n; j++) {
      sum = sum.plus(x[j]);
      magnitude += Math.abs(x[j]);
    }
    if (!Double.isFinite(magnitude)) {
      return new Row(false, DoubleDouble.ZERO, DoubleDouble.ZERO, 0);
    }
    DoubleDouble mean = sum.over(n);
    DoubleDouble squares = DoubleDouble.ZERO;
    for (int j = r * n; j < (r + 1) * n; j++) {
      DoubleDouble d = DoubleDouble.of(x[j]).minus(mean);
      squares = squares.plus(d.times(d));
    }
    return new Row(true, mean, squares.over(n), Tolerances.mean(n, magnitude / n, dtype));
  }

  private DoubleDouble scale(Row row) {
    return DoubleDouble.ONE.over(row.variance.plus(epsilon).sqrt());
  }

  Bounded normalized(int i) {
    Row row = rows[i / n];
    if (!row.finite) {
      return Bounded.exactly(Double.NaN);
    }
    DoubleDouble centred = DoubleDouble.of(x[i]).minus(row.mean);
    return Bounded.within(
        centred.times(scale(row)),
        Tolerances.layerNorm(n, centred.hi(), row.variance.hi(), epsilon, row.meanError, dtype));
  }

  Bounded scaled(int i, double[] gain, double[] bias) {
    int j = i % n;
    Bounded normal = normalized(i);
    if (Double.isNaN(normal.value().hi())) {
      return normal;
    }
    return Bounded.within(
        normal.value().times(DoubleDouble.of(gain[j])).plus(bias[j]),
        Tolerances.scaledLayerNorm(normal.value().hi(), normal.bound(), gain[j], bias[j], dtype));
  }

  Bounded reciprocalStd(int r) {
    Row row = rows[r];
    return row.finite
        ? Bounded.within(
            scale(row),
            Tolerances.reciprocalStd(n, row.variance.hi(), epsilon, row.meanError, dtype))
        : Bounded.exactly(Double.NaN);
  }
}
