package org.modalimmune.controller;

/**
 * A bound on the regret after a number of rounds.
 *
 * @param value largest regret, in units of reward
 * @param confidence probability with which it holds, over the controller's draws; 1 if it is
 *     certain
 * @param rounds T
 */
public record RegretBound(double value, double confidence, long rounds) {
  /** Whether the bound says nothing yet: no regret in T rounds of rewards in [0, 1] exceeds T. */
  public boolean vacuous() {
    return value > rounds;
  }

  /** Bound on the regret per round. */
  public double perRound() {
    return value / rounds;
  }

  static void requireRounds(long rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException(
          "regret bound: the number of rounds must be at least 1, got " + rounds);
    }
  }

  static void require(long rounds, double delta) {
    requireRounds(rounds);
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException(
          "regret bound: delta must lie between 0 and 1, got " + delta);
    }
  }
}
