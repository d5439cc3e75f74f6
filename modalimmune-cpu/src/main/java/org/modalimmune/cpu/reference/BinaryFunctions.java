package org.modalimmune.cpu.reference;

import java.util.function.DoubleBinaryOperator;
import org.modalimmune.backend.kernel.BinaryOp;

/** The float64 function of each {@link BinaryOp}. */
final class BinaryFunctions {
  private BinaryFunctions() {}

  static DoubleBinaryOperator of(BinaryOp op) {
    return switch (op) {
      case ADD -> Double::sum;
      case SUBTRACT -> (a, b) -> a - b;
      case MULTIPLY -> (a, b) -> a * b;
      case DIVIDE -> (a, b) -> a / b;
      case MAXIMUM -> Math::max;
      case MINIMUM -> Math::min;
      case GATE -> (a, b) -> b > 0 ? a : b <= 0 ? 0 : b;
      case GREATER -> (a, b) -> a > b ? 1 : 0;
      case EQUAL -> (a, b) -> a == b ? 1 : 0;
    };
  }
}
