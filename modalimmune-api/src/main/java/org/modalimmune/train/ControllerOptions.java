package org.modalimmune.train;

import org.modalimmune.controller.LossGain;

/**
 * Settings of what chooses presence patterns.
 *
 * @param kind the controller
 * @param gain what it is rewarded with
 * @param temperature of {@link ControllerKind#HEDGE}: concentration on large gains; smaller is
 *     stronger
 * @param mix of {@link ControllerKind#HEDGE}: share of the stratified prior that always remains
 * @param memory of {@link ControllerKind#HEDGE}: weight of the old running average at each look
 * @param interval steps between looks at the held-out rows, at least 1
 * @param warmUpFraction part of training before the first look, in [0, 1]
 * @param draws of the bandits: patterns drawn and measured at each look, at least 1
 * @param delta probability with which the bandits' regret bound may fail, in (0, 1)
 */
public record ControllerOptions(
    ControllerKind kind,
    LossGain gain,
    double temperature,
    double mix,
    double memory,
    int interval,
    double warmUpFraction,
    int draws,
    double delta) {
  /** Checks the ranges that the controllers themselves do not. */
  public ControllerOptions {
    if (interval < 1
        || draws < 1
        || !(warmUpFraction >= 0 && warmUpFraction <= 1)
        || !(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException(
          "controller: the interval and the draws must be at least 1, the warm-up in [0, 1] and"
              + " delta in (0, 1), got "
              + interval
              + ", "
              + draws
              + ", "
              + warmUpFraction
              + " and "
              + delta);
    }
  }

  /**
   * Hedge on the pattern losses, temperature 0.3, a fifth of the prior, a look every 5 steps after
   * 5 % of training; bandits draw 6 patterns a look and state their bound at 95 %.
   */
  public static ControllerOptions defaults() {
    return new ControllerOptions(
        ControllerKind.HEDGE, LossGain.PATTERN_LOSS, 0.3, 0.2, 0.9, 5, 0.05, 6, 0.05);
  }

  /** The same with another controller. */
  public ControllerOptions withKind(ControllerKind other) {
    return new ControllerOptions(
        other, gain, temperature, mix, memory, interval, warmUpFraction, draws, delta);
  }

  /** The same with another temperature. */
  public ControllerOptions withTemperature(double other) {
    return new ControllerOptions(
        kind, gain, other, mix, memory, interval, warmUpFraction, draws, delta);
  }

  /** The same with another gain. */
  public ControllerOptions withGain(LossGain other) {
    return new ControllerOptions(
        kind, other, temperature, mix, memory, interval, warmUpFraction, draws, delta);
  }
}
