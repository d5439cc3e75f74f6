package org.modalimmune.controller;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A distribution that never changes. */
public final class FixedDistribution implements ArmDistribution {
  private static final String KIND = "fixed";
  private static final int VERSION = 1;

  private final double[] probabilities;

  private FixedDistribution(double[] probabilities) {
    this.probabilities = probabilities;
  }

  /**
   * Arms with given weights, scaled to sum 1.
   *
   * @param weights non-negative, at least one positive
   * @throws IllegalArgumentException if they are not
   */
  public static FixedDistribution of(double... weights) {
    double sum = 0;
    for (double w : weights) {
      if (!(w >= 0) || Double.isInfinite(w)) {
        throw new IllegalArgumentException("arms: weights must be finite and >= 0, got " + w);
      }
      sum += w;
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("arms: at least one weight must be positive");
    }
    double[] p = weights.clone();
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return new FixedDistribution(p);
  }

  /** Every arm alike. */
  public static FixedDistribution uniform(int arms) {
    double[] weights = new double[arms];
    Arrays.fill(weights, 1);
    return of(weights);
  }

  /**
   * Every size alike, and every arm of one size alike: with many modalities a uniform choice of
   * subsets would almost never show a single one.
   *
   * @param sizes size of each arm, at least 1
   */
  public static FixedDistribution stratified(int[] sizes) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int s : sizes) {
      counts.merge(s, 1, Integer::sum);
    }
    double[] weights = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      weights[i] = 1.0 / counts.getOrDefault(sizes[i], 1);
    }
    return of(weights);
  }

  @Override
  public double[] probabilities() {
    return probabilities.clone();
  }

  @Override
  public int arms() {
    return probabilities.length;
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(KIND, VERSION, Map.of("probabilities", probabilities.clone()));
  }

  /** Changes nothing: the state must be that of an equal distribution. */
  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    state.requireSame("probabilities", probabilities);
  }
}
