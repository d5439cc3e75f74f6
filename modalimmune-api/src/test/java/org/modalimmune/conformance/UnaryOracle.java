package org.modalimmune.conformance;

import static org.modalimmune.conformance.DoubleDoubleMath.erf;
import static org.modalimmune.conformance.DoubleDoubleMath.exp;
import static org.modalimmune.conformance.DoubleDoubleMath.log;
import static org.modalimmune.conformance.DoubleDoubleMath.log1p;
import static org.modalimmune.conformance.DoubleDoubleMath.normalCdf;
import static org.modalimmune.conformance.DoubleDoubleMath.normalPdf;
import static org.modalimmune.conformance.DoubleDoubleMath.sigmoid;
import static org.modalimmune.conformance.DoubleDoubleMath.softplus;
import static org.modalimmune.conformance.DoubleDoubleMath.tanh;

import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;

/** Expected values of the element-wise functions of one operand. */
final class UnaryOracle {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private UnaryOracle() {}

  static Bounded expect(UnaryOp op, double x, DType t) {
    if (Double.isNaN(x)) {
      return Bounded.exactly(op == UnaryOp.IS_FINITE ? 0 : NAN);
    }
    return Double.isInfinite(x) ? Bounded.exactly(limit(op, x > 0)) : finite(op, x, t);
  }

  /** The limit at plus or minus infinity. */
  private static double limit(UnaryOp op, boolean plus) {
    return switch (op) {
      case NEGATE -> plus ? -INFINITY : INFINITY;
      case ABS, SQUARE -> INFINITY;
      case SIGN, TANH, ERF -> plus ? 1 : -1;
      case STEP, SIGMOID, NORMAL_CDF, GELU_DERIVATIVE -> plus ? 1 : 0;
      case EXP, SOFTPLUS, RELU, GELU -> plus ? INFINITY : 0;
      case LOG, LOG1P, SQRT -> plus ? INFINITY : NAN;
      case RECIPROCAL, NORMAL_PDF, IS_FINITE -> 0;
    };
  }

  private static Bounded finite(UnaryOp op, double x, DType t) {
    return switch (op) {
      case NEGATE -> Bounded.exactly(-x);
      case ABS -> Bounded.exactly(Math.abs(x));
      case SIGN -> Bounded.exactly(Math.signum(x));
      case STEP -> Bounded.exactly(x > 0 ? 1 : 0);
      case SQRT -> rounded(Math.sqrt(x), t);
      case RECIPROCAL -> rounded(1 / x, t);
      case SQUARE -> rounded(x * x, t);
      case RELU -> Bounded.exactly(Math.max(x, 0));
      case IS_FINITE -> Bounded.exactly(1);
      case EXP -> relative(2, exp(DoubleDouble.of(x)), t);
      case LOG ->
          x > 0
              ? relative(2, log(DoubleDouble.of(x)), t)
              : Bounded.exactly(x == 0 ? -INFINITY : NAN);
      case LOG1P ->
          x > -1
              ? relative(2, log1p(DoubleDouble.of(x)), t)
              : Bounded.exactly(x == -1 ? -INFINITY : NAN);
      case TANH -> relative(5, tanh(x), t);
      case SIGMOID -> relative(6, sigmoid(x), t);
      case SOFTPLUS -> relative(5, softplus(x), t);
      case ERF -> relative(4, erf(DoubleDouble.of(x)), t);
      case NORMAL_PDF -> {
        DoubleDouble y = normalPdf(x);
        yield Bounded.within(y, Tolerances.normalPdf(x, y.hi(), t));
      }
      case NORMAL_CDF -> {
        DoubleDouble y = normalCdf(x);
        yield Bounded.within(y, Tolerances.normalCdf(x, y.hi(), t));
      }
      case GELU -> {
        DoubleDouble y = normalCdf(x).times(x);
        yield Bounded.within(y, Tolerances.gelu(x, y.hi(), t));
      }
      case GELU_DERIVATIVE -> {
        DoubleDouble cdf = normalCdf(x);
        DoubleDouble pdf = normalPdf(x);
        yield Bounded.within(
            cdf.plus(pdf.times(x)), Tolerances.geluDerivative(x, cdf.hi(), pdf.hi(), t));
      }
    };
  }

  /** Correctly rounded; going through float64 is innocuous for these operations on float32. */
  private static Bounded rounded(double y, DType t) {
    return Bounded.exactly(Placement.round(t, y));
  }

  private static Bounded relative(double roundings, DoubleDouble y, DType t) {
    return Bounded.within(y, Tolerances.relative(roundings, y.hi(), t));
  }
}
