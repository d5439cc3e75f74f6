package org.modalimmune.optim;

/**
 * Linear rise before another schedule: step t below {@code steps} has the rate {@code after.at(0)
 * (t + 1) / (steps + 1)}, step t from there on {@code after.at(t - steps)}.
 *
 * @param steps length of the rise, 0 for none
 * @param after what follows
 */
public record WarmUp(long steps, Schedule after) implements Schedule {
  /** Checks the length. */
  public WarmUp {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "schedule: the warm-up must not be negative, got " + steps + " steps");
    }
  }

  @Override
  public double at(long step) {
    return step < steps ? after.at(0) * (step + 1) / (steps + 1) : after.at(step - steps);
  }
}
