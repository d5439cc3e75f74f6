package org.modalimmune.controller;

/** The rule that rewards lie in [0, 1]. */
final class UnitRewards {
  private UnitRewards() {}

  static void requireAll(String controller, double[] rewards, int arms) {
    if (rewards.length != arms) {
      throw new IllegalArgumentException(
          controller + ": needs one reward for each of " + arms + " arms, got " + rewards.length);
    }
    for (double r : rewards) {
      require(controller, r);
    }
  }

  static void requireDrawn(String controller, int[] drawn, double[] rewards, int arms) {
    if (drawn.length != rewards.length) {
      throw new IllegalArgumentException(
          controller
              + ": needs one reward for each draw, got "
              + drawn.length
              + " draws and "
              + rewards.length
              + " rewards");
    }
    requireArms(controller, drawn, arms);
    for (double r : rewards) {
      require(controller, r);
    }
  }

  static void requireArms(String controller, int[] drawn, int arms) {
    if (drawn.length == 0) {
      throw new IllegalArgumentException(controller + ": needs at least one draw");
    }
    for (int arm : drawn) {
      if (arm < 0 || arm >= arms) {
        throw new IllegalArgumentException(
            controller + ": arm " + arm + " is outside 0 to " + (arms - 1));
      }
    }
  }

  private static void require(String controller, double reward) {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException(
          controller
              + ": rewards must lie in [0, 1], got "
              + reward
              + "; scale them with a RewardScale");
    }
  }
}
