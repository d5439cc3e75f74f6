package org.modalimmune.conformance;

import org.modalimmune.tensor.DType;

/**
 * What one element of a result may be: within {@code bound} of {@code value}.
 *
 * @param value the exact result; NaN and infinities are expected as such
 * @param bound largest absolute error
 */
public record Bounded(DoubleDouble value, double bound) {
  /** Exactly this number, either zero for a zero. */
  public static Bounded exactly(double value) {
    return new Bounded(DoubleDouble.of(value), 0);
  }

  /** Within a bound of a number. */
  public static Bounded within(DoubleDouble value, double bound) {
    return new Bounded(value, bound);
  }

  /** Whether a computed element meets the bound. */
  public boolean accepts(double actual, DType dtype) {
    double expected = value.hi();
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.isNaN(expected) ? Double.isNaN(actual) : actual == expected;
    }
    if (Double.isInfinite(actual)) {
      double largest = dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
      return Math.signum(actual) == Math.signum(expected) && Math.abs(expected) + bound > largest;
    }
    return error(actual) <= bound;
  }

  /** Distance of a computed element from the exact result. */
  public double error(double actual) {
    return Math.abs((actual - value.hi()) - value.lo());
  }
}
