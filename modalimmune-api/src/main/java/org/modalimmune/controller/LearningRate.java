package org.modalimmune.controller;

/**
 * Learning rates of exponential weights: eta_t = c for a number of rounds known beforehand, or c /
 * sqrt(t) for any number of them; t counts from 1.
 *
 * @param coefficient c, in units of 1 / reward
 * @param decreasing whether the rate falls with the square root of the round
 */
public record LearningRate(double coefficient, boolean decreasing) {
  /** Beyond these, weights are equal or one-hot to the last bit and estimates could overflow. */
  private static final double SMALLEST = 1e-12;

  private static final double LARGEST = 1e12;

  /** Checks the range. */
  public LearningRate {
    if (!(coefficient >= SMALLEST && coefficient <= LARGEST)) {
      throw new IllegalArgumentException(
          "learning rate: needs a value from "
              + SMALLEST
              + " to "
              + LARGEST
              + ", got "
              + coefficient
              + "; is it in units of 1 / reward with rewards in [0, 1]?");
    }
  }

  /** The same rate in every round. */
  public static LearningRate fixed(double eta) {
    return new LearningRate(eta, false);
  }

  /** c / sqrt(t). */
  public static LearningRate decreasing(double c) {
    return new LearningRate(c, true);
  }

  /** eta_t of round t, counted from 1. */
  public double at(long round) {
    return decreasing ? coefficient / Math.sqrt((double) round) : coefficient;
  }

  /** At least eta_1 + ... + eta_T: c T, or 2 c sqrt(T) since the sum lies below the integral. */
  double sum(long rounds) {
    return coefficient * (decreasing ? 2 * Math.sqrt((double) rounds) : (double) rounds);
  }

  /** For a {@link ControllerState}. */
  double[] values() {
    return new double[] {coefficient, decreasing ? 1 : 0};
  }
}
