package org.modalimmune.optim;

/**
 * One rate at every step.
 *
 * @param rate finite and not negative
 */
public record ConstantSchedule(double rate) implements Schedule {
  /** Checks the rate. */
  public ConstantSchedule {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "schedule: the rate must be finite and not negative, got " + rate);
    }
  }

  @Override
  public double at(long step) {
    return rate;
  }
}
