package org.modalimmune.controller;

/**
 * Settings of {@link Exp3P}.
 *
 * @param rate eta, from 1e-12
 * @param exploration gamma, share of the uniform distribution, in (0, 1/2]
 * @param bias beta, in (0, 1]; optimism in favour of arms that are rarely drawn
 */
public record Exp3PSettings(double rate, double exploration, double bias) {
  /** Smaller rates leave the weights equal to the last bit. */
  private static final double SMALLEST_RATE = 1e-12;

  /** Checks the ranges. */
  public Exp3PSettings {
    if (!(rate >= SMALLEST_RATE)
        || !(exploration > 0 && exploration <= 0.5)
        || !(bias > 0 && bias <= 1)) {
      throw new IllegalArgumentException(
          "exp3.p: needs a rate of at least "
              + SMALLEST_RATE
              + ", exploration in (0, 1/2] and bias in (0, 1], got "
              + rate
              + ", "
              + exploration
              + " and "
              + bias);
    }
  }

  /**
   * Those of Bubeck and Cesa-Bianchi (2012), theorem 3.2, for K arms, T rounds and a bound that may
   * fail with probability delta:
   *
   * <pre>
   *   beta = sqrt(ln(K / delta) / (T K)),  gamma = 1.05 sqrt(K ln K / T),  eta = 0.95 sqrt(ln K / (T K))
   * </pre>
   *
   * <p>beta and gamma no larger than 1 and 1/2, eta no larger than gamma / ((1 + beta) K), which
   * matters for so few rounds only that the bound is vacuous. One arm is tuned as two.
   */
  public static Exp3PSettings forRounds(int arms, long rounds, double delta) {
    RegretBound.require(rounds, delta);
    double k = Math.max(2, arms);
    double n = (double) rounds;
    double bias = Math.min(1, Math.sqrt(Math.log(k / delta) / (n * k)));
    double exploration = Math.min(0.5, 1.05 * Math.sqrt(k * Math.log(k) / n));
    double rate = Math.min(exploration / ((1 + bias) * k), 0.95 * Math.sqrt(Math.log(k) / (n * k)));
    return new Exp3PSettings(rate, exploration, bias);
  }

  double[] values() {
    return new double[] {rate, exploration, bias};
  }
}
