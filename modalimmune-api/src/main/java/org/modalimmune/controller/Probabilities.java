package org.modalimmune.controller;

/** The rule that probabilities are one per arm, not negative, and sum to 1 up to rounding. */
final class Probabilities {
  private Probabilities() {}

  static void require(String user, double[] probabilities, int arms) {
    if (probabilities.length != arms) {
      throw new IllegalArgumentException(
          user
              + ": needs one probability for each of "
              + arms
              + " arms, got "
              + probabilities.length);
    }
    double sum = 0;
    for (double p : probabilities) {
      if (!(p >= 0)) {
        throw new IllegalArgumentException(user + ": probabilities must not be negative, got " + p);
      }
      sum += p;
    }
    // a quotient and a sum of K terms: relative error below (K + 3) unit roundoffs
    if (!(Math.abs(sum - 1) <= (arms + 8) * Math.ulp(1.0))) {
      throw new IllegalArgumentException(user + ": probabilities must sum to 1, got " + sum);
    }
  }
}
