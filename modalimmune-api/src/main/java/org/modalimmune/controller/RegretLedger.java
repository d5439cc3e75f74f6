package org.modalimmune.controller;

import java.util.Map;

/**
 * The realised regret of a sequence of rounds in which the rewards of all arms are known: max_i
 * sum_t g_i(t) - sum_t earned(t). Sums are compensated, so that their error does not grow with the
 * number of rounds. Not for several threads.
 */
public final class RegretLedger implements Restorable {
  private static final String KIND = "regret-ledger";
  private static final int VERSION = 1;

  private final CompensatedSums byArm;
  private final CompensatedSums earned = new CompensatedSums(1);
  private long rounds;

  /** Empty. */
  public RegretLedger(int arms) {
    byArm = new CompensatedSums(arms);
  }

  /**
   * Adds a round of a controller that earns what its distribution expects, (p, g).
   *
   * @param probabilities p, one per arm
   * @param rewards g, one per arm, in [0, 1]
   */
  public void addExpected(double[] probabilities, double[] rewards) {
    UnitRewards.requireAll(KIND, rewards, byArm.count());
    Probabilities.require(KIND, probabilities, byArm.count());
    double expected = 0;
    for (int i = 0; i < rewards.length; i++) {
      expected += probabilities[i] * rewards[i];
    }
    add(expected, rewards);
  }

  /**
   * Adds a round of a controller that earns the mean reward of its draws.
   *
   * @param drawn the arms drawn, at least one
   * @param rewards one per arm, in [0, 1]
   */
  public void addDrawn(int[] drawn, double[] rewards) {
    UnitRewards.requireAll(KIND, rewards, byArm.count());
    UnitRewards.requireArms(KIND, drawn, byArm.count());
    double sum = 0;
    for (int arm : drawn) {
      sum += rewards[arm];
    }
    add(sum / drawn.length, rewards);
  }

  private void add(double gained, double[] rewards) {
    for (int i = 0; i < rewards.length; i++) {
      byArm.add(i, rewards[i]);
    }
    earned.add(0, gained);
    rounds++;
  }

  /** Rounds added. */
  public long rounds() {
    return rounds;
  }

  /** What was earned in all rounds. */
  public double earned() {
    return earned.sum(0);
  }

  /** What the best single arm would have earned. */
  public double best() {
    return byArm.largest();
  }

  /** {@link #best} less {@link #earned}; negative where the controller beat every single arm. */
  public double regret() {
    return best() - earned();
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
