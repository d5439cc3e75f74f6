package org.modalimmune.conformance;

import static org.modalimmune.conformance.DoubleDoubleMath.exp;
import static org.modalimmune.conformance.DoubleDoubleMath.log;

import java.util.Arrays;
import org.modalimmune.tensor.DType;

/** Expected values of softmax and its logarithm, row by row. */
final class SoftmaxOracle {
  private final double[] x;
  private final int n;
  private final DType dtype;
  private final Row[] rows;

  /** What the elements of a row share; {@code exceptional} rows are NaN. */
  private record Row(
      boolean exceptional, double max, DoubleDouble sum, DoubleDouble logSum, double meanBelow) {}

  SoftmaxOracle(double[] x, long rowLength, DType dtype) {
    this.x = x;
    this.n = Math.toIntExact(rowLength);
    this.dtype = dtype;
    this.rows = new Row[x.length / n];
    Arrays.setAll(rows, this::row);
  }

  private Row row(int r) {
    double[] row = Arrays.copyOfRange(x, r * n, (r + 1) * n);
    double max = Arrays.stream(row).reduce(row[0], Math::max);
    if (!Double.isFinite(max)) {
      return new Row(true, max, DoubleDouble.ZERO, DoubleDouble.ZERO, 0);
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    double weighted = 0;
    for (double v : row) {
      if (Double.isFinite(v)) {
        DoubleDouble e = exp(DoubleDouble.sum(v, -max));
        sum = sum.plus(e);
        weighted += e.hi() * (max - v);
      }
    }
    return new Row(false, max, sum, log(sum), weighted / sum.hi());
  }

  Bounded softmax(int i) {
    Row row = rows[i / n];
    if (row.exceptional || Double.isInfinite(x[i])) {
      return Bounded.exactly(row.exceptional ? Double.NaN : 0);
    }
    DoubleDouble y = exp(DoubleDouble.sum(x[i], -row.max)).over(row.sum);
    return Bounded.within(y, Tolerances.softmax(n, row.max - x[i], row.meanBelow, y.hi(), dtype));
  }

  Bounded logSoftmax(int i) {
    Row row = rows[i / n];
    if (row.exceptional || Double.isInfinite(x[i])) {
      return Bounded.exactly(row.exceptional ? Double.NaN : Double.NEGATIVE_INFINITY);
    }
    DoubleDouble y = DoubleDouble.sum(x[i], -row.max).minus(row.logSum);
    return Bounded.within(
        y, Tolerances.logSoftmax(n, row.max - x[i], row.meanBelow, row.logSum.hi(), y.hi(), dtype));
  }
}
