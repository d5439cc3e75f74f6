package org.modalimmune.controller;

/**
 * A controller with a proven bound on its regret, the amount by which the best single arm in
 * hindsight earned more.
 */
public interface RegretBounded {
  /**
   * Bound on the regret after that many rounds, in units of reward, for rewards in [0, 1] that may
   * depend on everything before the round's draw. It holds for one number of rounds that is named
   * beforehand, not for all numbers at once.
   *
   * @param rounds T, at least 1
   * @param delta probability in (0, 1) with which a bound that is not certain may fail
   * @throws IllegalArgumentException if rounds or delta are out of range
   */
  RegretBound regretBound(long rounds, double delta);
}
