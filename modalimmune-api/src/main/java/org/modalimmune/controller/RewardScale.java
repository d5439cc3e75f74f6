package org.modalimmune.controller;

/**
 * The range of a gain, mapped linearly to rewards in [0, 1]: (value - low) / (high - low). A regret
 * in units of reward, times {@link #width()}, is one in units of the value.
 *
 * @param low value with reward 0
 * @param high value with reward 1
 */
public record RewardScale(double low, double high) {
  /** Checks the range. */
  public RewardScale {
    if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "reward scale: needs finite low < high with a finite width, got " + low + " and " + high);
    }
  }

  /** high - low. */
  public double width() {
    return high - low;
  }

  /**
   * The reward of a value.
   *
   * @throws IllegalArgumentException if it lies outside the range; {@link RewardClipper} clips and
   *     counts
   */
  public double toReward(double value) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "reward scale: values must lie in ["
              + low
              + ", "
              + high
              + "], got "
              + value
              + "; widen the range or clip with a RewardClipper");
    }
    return (value - low) / width();
  }
}
