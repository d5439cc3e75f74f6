package org.modalimmune.conformance;

import java.util.HashMap;
import java.util.Map;
import org.modalimmune.tensor.DType;

/** Expected cotangents of layer normalisation with a gain and a bias. */
final class LayerNormPullbackOracle {
  private final double[] y;
  private final double[] scales;
  private final double[] gain;
  private final double[] g;
  private final int n;
  private final DType dtype;
  private final Map<Integer, RowSums> rows = new HashMap<>();

  /** Sums over a row of h and of h y, and of their magnitudes. */
  private record RowSums(DoubleDouble sum, DoubleDouble along, double magnitude, double products) {}

  /** Rows of as many elements as the gain has. */
  LayerNormPullbackOracle(double[] y, double[] scales, double[] gain, double[] g, DType dtype) {
    this.y = y;
    this.scales = scales;
    this.gain = gain;
    this.g = g;
    this.n = gain.length;
    this.dtype = dtype;
  }

  Bounded row(int i) {
    RowSums row = rows.computeIfAbsent(i / n, this::sums);
    DoubleDouble sum = row.sum();
    DoubleDouble along = row.along();
    if (Double.isNaN(sum.hi())) {
      return Bounded.exactly(Double.NaN);
    }
    DoubleDouble own = pulled(i);
    DoubleDouble value =
        own.minus(sum.over(n))
            .minus(along.over(n).times(DoubleDouble.of(y[i])))
            .times(DoubleDouble.of(scales[i / n]));
    return Bounded.within(
        value,
        Tolerances.layerNormPullback(
            n,
            Math.abs(own.hi()),
            row.magnitude() / n,
            Math.abs(y[i]) * row.products() / n,
            y[i],
            scales[i / n],
            dtype));
  }

  private RowSums sums(int row) {
    DoubleDouble sum = DoubleDouble.ZERO;
    DoubleDouble along = DoubleDouble.ZERO;
    double magnitude = 0;
    double products = 0;
    for (int j = row * n; j < (row + 1) * n; j++) {
      DoubleDouble h = pulled(j);
      DoubleDouble product = h.times(DoubleDouble.of(y[j]));
      sum = sum.plus(h);
      along = along.plus(product);
      magnitude += Math.abs(h.hi());
      products += Math.abs(product.hi());
    }
    return new RowSums(sum, along, magnitude, products);
  }

  Bounded gain(int j) {
    DoubleDouble sum = DoubleDouble.ZERO;
    double magnitude = 0;
    for (int i = j; i < g.length; i += n) {
      DoubleDouble product = DoubleDouble.of(g[i]).times(DoubleDouble.of(y[i]));
      sum = sum.plus(product);
      magnitude += Math.abs(product.hi());
    }
    return Bounded.within(sum, Tolerances.gainPullback(g.length / n, sum.hi(), magnitude, dtype));
  }

  Bounded bias(int j) {
    DoubleDouble sum = DoubleDouble.ZERO;
    double magnitude = 0;
    for (int i = j; i < g.length; i += n) {
      sum = sum.plus(g[i]);
      magnitude += Math.abs(g[i]);
    }
    return Bounded.within(sum, Tolerances.sum(g.length / n, 0, sum.hi(), magnitude, dtype));
  }

  private DoubleDouble pulled(int i) {
    return DoubleDouble.of(g[i]).times(DoubleDouble.of(gain[i % n]));
  }
}
