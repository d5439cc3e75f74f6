package org.modalimmune.autodiff;

import org.modalimmune.tensor.DType;

/**
 * Table of steps and tolerances of {@link GradientCheck}, one row per type that a function is
 * evaluated in; derived in {@code spec/autodiff.md}. With unit roundoff u, the error of a central
 * difference with step h is h^2 |f'''| / 6 + u |f| / h, of the order u^(2/3) at h = u^(1/3).
 */
enum GradientTolerance {
  /** Evaluation in float32: functions that cast to it. */
  FLOAT32(DType.FLOAT32, 0x1p-8, 0x1p-16),
  /** Evaluation in float64: all others. */
  FLOAT64(DType.FLOAT64, 0x1p-18, 0x1p-36);

  /**
   * What rounding errors are allowed beyond one unit roundoff, and truncation beyond one squared
   * step: long sums, chains of operations, third derivatives above the function's own size.
   */
  private static final double ALLOWANCE = 512;

  private final DType dtype;
  private final double step;
  private final double error;

  GradientTolerance(DType dtype, double step, double error) {
    this.dtype = dtype;
    this.step = step;
    this.error = error;
  }

  static GradientTolerance of(DType dtype) {
    return dtype == DType.FLOAT32 ? FLOAT32 : FLOAT64;
  }

  /** The step h, a power of two near u^(1/3), so that scaling by it is exact. */
  double step() {
    return step;
  }

  /** Largest error of the difference relative to the scale of the comparison. */
  double differenceTolerance() {
    return ALLOWANCE * error;
  }

  /** Largest rounding error of a derivative computed in this type, relative to that scale. */
  double derivativeTolerance() {
    return ALLOWANCE * dtype.unitRoundoff();
  }
}
