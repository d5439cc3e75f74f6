package org.modalimmune.conformance;

import org.modalimmune.tensor.DType;

/** Expected values of products with a centred matrix A, and the bounds of section 11. */
final class GramOracle {
  private final int rows;
  private final int columns;
  private final DType dtype;
  private final DoubleDouble[] a;
  private final double[] magnitude;

  /** A of z [rows, columns] and the affine map of its columns [3, columns]. */
  GramOracle(Placement z, Placement affine, int rows, int columns, DType dtype) {
    this.rows = rows;
    this.columns = columns;
    this.dtype = dtype;
    this.a = new DoubleDouble[rows * columns];
    this.magnitude = new double[rows * columns];
    for (int e = 0; e < a.length; e++) {
      int j = e % columns;
      double rest = affine.value(2 * columns + j);
      DoubleDouble shifted =
          DoubleDouble.product(affine.value(j), z.value(e)).plus(affine.value(columns + j));
      a[e] = shifted.plus(rest);
      magnitude[e] = Math.abs(shifted.hi()) + Math.abs(rest);
    }
  }

  /** Results of one vector and how far computed ones may be off. */
  @SuppressWarnings("ArrayRecordComponent") // handed over inside the package, never compared
  record Image(DoubleDouble[] values, double[] bounds) {
    Bounded at(int i) {
      return Bounded.within(values[i], bounds[i]);
    }
  }

  /** Vector {@code k} of a block of exact vectors. */
  static Image exact(Placement block, int k, int length) {
    DoubleDouble[] values = new DoubleDouble[length];
    for (int i = 0; i < length; i++) {
      values[i] = DoubleDouble.of(block.value(k * length + i));
    }
    return new Image(values, new double[length]);
  }

  /** A v. */
  Image multiply(Image v) {
    return product(v, rows, columns, columns, 1);
  }

  /** A'u. */
  Image multiplyTransposed(Image u) {
    return product(u, columns, rows, 1, columns);
  }

  private Image product(Image in, int count, int length, int outer, int inner) {
    DoubleDouble[] values = new DoubleDouble[count];
    double[] bounds = new double[count];
    for (int i = 0; i < count; i++) {
      DoubleDouble.Sum sum = new DoubleDouble.Sum();
      double weights = 0;
      double carried = 0;
      for (int j = 0; j < length; j++) {
        int at = i * outer + j * inner;
        sum.add(a[at].times(in.values[j]));
        weights += magnitude[at] * (Math.abs(in.values[j].hi()) + in.bounds[j]);
        carried += magnitude[at] * in.bounds[j];
      }
      values[i] = sum.value();
      bounds[i] = carried + Tolerances.centredProduct(length, weights, dtype);
    }
    return new Image(values, bounds);
  }

  /** Element e of factor (A - share (A v) v'). */
  Bounded deflated(int e, Image v, Image along, double share, double factor) {
    DoubleDouble t = along.values[e / columns];
    DoubleDouble w = v.values[e % columns];
    DoubleDouble part = t.times(w).times(DoubleDouble.of(share));
    DoubleDouble value = a[e].minus(part).times(DoubleDouble.of(factor));
    double product = Math.abs(share * w.hi());
    return Bounded.within(
        value,
        Tolerances.deflated(
            factor,
            magnitude[e],
            product * Math.abs(t.hi()),
            product * along.bounds[e / columns],
            dtype));
  }
}
