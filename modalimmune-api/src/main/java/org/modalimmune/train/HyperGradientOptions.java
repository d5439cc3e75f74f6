package org.modalimmune.train;

import java.util.EnumSet;
import java.util.Set;

/**
 * Settings of the hyper-gradient in training.
 *
 * @param adapted what moves; empty switches the hyper-gradient off
 * @param interval training steps between hyper-gradients
 * @param warmUpFraction part of training before the first
 * @param damping added to the Gauss-Newton matrix, delta, positive
 * @param tolerance relative residual |v - H q| / |v| at which a solve is good enough, in (0, 1)
 * @param maxProducts products allowed to a solve
 * @param stepLength of one update of an unconstrained setting
 * @param failureProbability of the spectrum's upper bound, from 1e-9 to below 1
 */
public record HyperGradientOptions(
    Set<MetaGroup> adapted,
    int interval,
    double warmUpFraction,
    double damping,
    double tolerance,
    int maxProducts,
    double stepLength,
    double failureProbability) {
  /** The search for the spectrum's upper end is long enough for this and more. */
  private static final double LEAST_FAILURE_PROBABILITY = 1e-9;

  /** Checks the ranges and copies the set. */
  public HyperGradientOptions {
    adapted = Set.copyOf(adapted);
    if (interval < 1
        || !(warmUpFraction >= 0 && warmUpFraction <= 1)
        || !(damping > 0 && damping < Double.POSITIVE_INFINITY)
        || !(tolerance > 0 && tolerance < 1)
        || maxProducts < 1
        || !(stepLength > 0 && stepLength < Double.POSITIVE_INFINITY)
        || !(failureProbability >= LEAST_FAILURE_PROBABILITY && failureProbability < 1)) {
      throw new IllegalArgumentException(
          "hyper-gradient: needs interval and products >= 1, warm-up in [0, 1], damping and step"
              + " length positive, tolerance in (0, 1), failure probability in [1e-9, 1); got "
              + interval
              + ", "
              + maxProducts
              + ", "
              + warmUpFraction
              + ", "
              + damping
              + ", "
              + stepLength
              + ", "
              + tolerance
              + ", "
              + failureProbability);
    }
  }

  /** Nothing moves. */
  public static HyperGradientOptions off() {
    return defaults().adapting(EnumSet.noneOf(MetaGroup.class));
  }

  /** Noise every 15 steps after 5 % of training, to a relative residual of 0.08 at damping 0.1. */
  public static HyperGradientOptions defaults() {
    return new HyperGradientOptions(
        EnumSet.of(MetaGroup.NOISE), 15, 0.05, 0.1, 0.08, 60, 0.1, 1e-4);
  }

  /** The same for other settings. */
  public HyperGradientOptions adapting(Set<MetaGroup> groups) {
    return new HyperGradientOptions(
        groups,
        interval,
        warmUpFraction,
        damping,
        tolerance,
        maxProducts,
        stepLength,
        failureProbability);
  }

  /** Whether anything moves. */
  public boolean isOn() {
    return !adapted.isEmpty();
  }
}
