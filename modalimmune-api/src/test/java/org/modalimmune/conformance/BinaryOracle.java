package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.tensor.DType;

/** Expected values of the element-wise functions of two operands; all are correctly rounded. */
final class BinaryOracle {
  private BinaryOracle() {}

  static Bounded expect(BinaryOp op, double a, double b, DType t) {
    // float64 arithmetic on float32 numbers, rounded once more, equals float32 arithmetic:
    // Figueroa, "When is double rounding innocuous?", SIGNUM Newsletter 30 (1995)
    return Bounded.exactly(Placement.round(t, value(op, a, b)));
  }

  private static double value(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case GATE -> Double.isNaN(b) ? b : b > 0 ? a : 0;
      case GREATER -> a > b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
    };
  }
}
