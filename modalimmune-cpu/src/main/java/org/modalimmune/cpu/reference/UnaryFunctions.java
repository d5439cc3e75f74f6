package org.modalimmune.cpu.reference;

import java.util.function.DoubleUnaryOperator;
import org.modalimmune.backend.kernel.UnaryOp;

/** The float64 function of each {@link UnaryOp}. */
final class UnaryFunctions {
  private UnaryFunctions() {}

  static DoubleUnaryOperator of(UnaryOp op) {
    return switch (op) {
      case NEGATE -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> x -> x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;
      case STEP -> x -> x > 0 ? 1 : x <= 0 ? 0 : x;
      case EXP -> StrictMath::exp;
      case LOG -> StrictMath::log;
      case LOG1P -> StrictMath::log1p;
      case SQRT -> Math::sqrt;
      case RECIPROCAL -> x -> 1 / x;
      case SQUARE -> x -> x * x;
      case TANH -> StrictMath::tanh;
      case SIGMOID -> UnaryFunctions::sigmoid;
      case SOFTPLUS -> x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case RELU -> x -> Math.max(x, 0);
      case ERF -> ErrorFunction::erf;
      case NORMAL_PDF -> ErrorFunction::normalPdf;
      case NORMAL_CDF -> ErrorFunction::normalCdf;
      case GELU -> ErrorFunction::gelu;
      case GELU_DERIVATIVE -> ErrorFunction::geluDerivative;
      case IS_FINITE -> x -> Double.isFinite(x) ? 1 : 0;
    };
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }
}
