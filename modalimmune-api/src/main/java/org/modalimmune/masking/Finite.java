package org.modalimmune.masking;

import org.modalimmune.hypergradient.NonFiniteInputException;

/** Refusal of NaN and infinity. */
final class Finite {
  private Finite() {}

  static void require(String input, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new NonFiniteInputException(input, i, values[i]);
      }
    }
  }
}
