package org.modalimmune.optim;

/**
 * Half a cosine from the peak to a floor (Loshchilov and Hutter, ICLR 2017, equation 5, without
 * restarts): {@code peak (f + (1 - f) (1 + cos(pi t / steps)) / 2)} with f the floor fraction and t
 * the step, at most {@code steps}.
 *
 * @param peak rate of step 0, finite and not negative
 * @param floorFraction rate from step {@code steps} on, as a fraction of the peak, in [0, 1]
 * @param steps length of the decay, at least 1
 */
public record CosineSchedule(double peak, double floorFraction, long steps) implements Schedule {
  /** Checks the ranges. */
  public CosineSchedule {
    if (!(peak >= 0 && peak < Double.POSITIVE_INFINITY)
        || !(floorFraction >= 0 && floorFraction <= 1)
        || steps < 1) {
      throw new IllegalArgumentException(
          "schedule: cosine decay needs a finite peak >= 0, a floor fraction in [0, 1] and at least"
              + " 1 step, got "
              + peak
              + ", "
              + floorFraction
              + " and "
              + steps);
    }
  }

  @Override
  public double at(long step) {
    double progress = (double) Math.min(step, steps) / steps;
    double wave = (1 + Math.cos(Math.PI * progress)) / 2;
    return peak * (floorFraction + (1 - floorFraction) * wave);
  }
}
