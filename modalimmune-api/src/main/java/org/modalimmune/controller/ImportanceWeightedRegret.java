package org.modalimmune.controller;

import java.util.Map;

/**
 * Estimate of the regret from drawn arms alone: an arm's total reward is estimated by the sum over
 * rounds of (sum of its rewards / R) / p_i(t), which is unbiased; the estimate is the largest of
 * these less what was earned.
 *
 * <p>It is no bound. The largest of unbiased estimates lies, in expectation, above the largest of
 * what they estimate, and its variance grows with 1 / p. Not for several threads.
 */
public final class ImportanceWeightedRegret implements Restorable {
  private static final String KIND = "importance-weighted-regret";
  private static final int VERSION = 1;

  private final CompensatedSums byArm;
  private final CompensatedSums earned = new CompensatedSums(1);
  private long rounds;

  /** Empty. */
  public ImportanceWeightedRegret(int arms) {
    byArm = new CompensatedSums(arms);
  }

  /**
   * Adds a round.
   *
   * @param probabilities those that the arms were drawn with, one per arm
   * @param drawn the arms drawn, at least one, each with a positive probability
   * @param rewards one per draw, in [0, 1]
   */
  public void add(double[] probabilities, int[] drawn, double[] rewards) {
    UnitRewards.requireDrawn(KIND, drawn, rewards, byArm.count());
    Probabilities.require(KIND, probabilities, byArm.count());
    for (int arm : drawn) {
      if (probabilities[arm] == 0) {
        throw new IllegalArgumentException(
            KIND
                + ": arm "
                + arm
                + " was drawn with probability 0; pass the probabilities before the observation");
      }
    }
    double sum = 0;
    for (int r = 0; r < drawn.length; r++) {
      byArm.add(drawn[r], rewards[r] / drawn.length / probabilities[drawn[r]]);
      sum += rewards[r];
    }
    earned.add(0, sum / drawn.length);
    rounds++;
  }

  /** Rounds added. */
  public long rounds() {
    return rounds;
  }

  /** What was earned in all rounds; no estimate. */
  public double earned() {
    return earned.sum(0);
  }

  /** The estimated total reward of an arm. */
  public double estimatedTotal(int arm) {
    return byArm.sum(arm);
  }

  /** The largest estimated total less what was earned. */
  public double estimatedRegret() {
    return byArm.largest() - earned();
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(
        KIND,
        VERSION,
        Map.of(
            "byArm", byArm.values(),
            "earned", earned.values(),
            "rounds", new double[] {rounds}));
  }

  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    double[] savedArms = state.array("byArm", 2 * byArm.count());
    double[] savedEarned = state.array("earned", 2);
    rounds = state.count("rounds");
    byArm.restore(savedArms);
    earned.restore(savedEarned);
  }
}
