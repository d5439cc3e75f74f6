package org.modalimmune.masking;

import org.modalimmune.hypergradient.NonFiniteInputException;

/** The soft mask m_i = 1 / (1 + F_i / tau). */
public final class FisherMask {
  private FisherMask() {}

  /**
   * The mask of a Fisher diagonal, each element within 3 u of its value, or 2^-1074 where that is
   * more. Between 0 and 1: 1 where F = 0, 1/2 where F = tau; 0 only below the range of float64.
   *
   * @param fisher F [n], not negative
   * @param tau positive
   * @return m [n]
   * @throws IllegalArgumentException if tau is not positive and finite or an F is negative
   * @throws NonFiniteInputException if an F is not finite
   */
  public static double[] of(double[] fisher, double tau) {
    if (!(tau > 0 && tau < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "fisher mask: tau must be positive and finite, got " + tau);
    }
    requireFisher("fisher mask: the Fisher diagonal", fisher);
    double[] mask = new double[fisher.length];
    for (int i = 0; i < mask.length; i++) {
      // a quotient that overflows belongs to a mask below 2^-1023
      mask[i] = 1 / (1 + fisher[i] / tau);
    }
    return mask;
  }

  static void requireFisher(String input, double[] fisher) {
    Finite.require(input, fisher);
    for (int i = 0; i < fisher.length; i++) {
      if (fisher[i] < 0) {
        throw new IllegalArgumentException(
            input
                + " must not be negative, got "
                + fisher[i]
                + " at index "
                + i
                + "; it is a mean of squares");
      }
    }
  }
}
