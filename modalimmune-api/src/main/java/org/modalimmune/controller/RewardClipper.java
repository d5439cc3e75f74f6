package org.modalimmune.controller;

import java.util.Map;

/**
 * Rewards of values that may leave their range: those are moved to its nearer end and counted. A
 * regret bound then speaks of the clipped rewards; how far that is from the values' own regret is
 * for the count to tell. Not for several threads.
 */
public final class RewardClipper implements Restorable {
  private static final String KIND = "reward-clipper";
  private static final int VERSION = 1;

  private final RewardScale scale;
  private long seen;
  private long clipped;

  /** Nothing seen yet. */
  public RewardClipper(RewardScale scale) {
    this.scale = scale;
  }

  /** The range. */
  public RewardScale scale() {
    return scale;
  }

  /**
   * The rewards of values, clipped.
   *
   * @param values finite
   * @return one reward per value, in [0, 1]
   * @throws IllegalArgumentException if a value is NaN or infinite; nothing has been counted then
   */
  public double[] toRewards(double[] values) {
    for (double v : values) {
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException(
            "reward clipper: values must be finite, got "
                + v
                + "; an infinite gain is a failed measurement, not a large one");
      }
    }
    double[] rewards = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double inside = Math.clamp(values[i], scale.low(), scale.high());
      clipped += inside == values[i] ? 0 : 1;
      rewards[i] = scale.toReward(inside);
    }
    seen += values.length;
    return rewards;
  }

  /** Values seen. */
  public long seen() {
    return seen;
  }

  /** Values that lay outside the range. */
  public long clipped() {
    return clipped;
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(
        KIND,
        VERSION,
        Map.of(
            "range", new double[] {scale.low(), scale.high()},
            "seen", new double[] {seen},
            "clipped", new double[] {clipped}));
  }

  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    state.requireSame("range", scale.low(), scale.high());
    long savedSeen = state.count("seen");
    long savedClipped = state.count("clipped");
    if (savedClipped > savedSeen) {
      throw new IllegalArgumentException(
          "controller state: " + savedClipped + " values clipped, but only " + savedSeen + " seen");
    }
    seen = savedSeen;
    clipped = savedClipped;
  }
}
