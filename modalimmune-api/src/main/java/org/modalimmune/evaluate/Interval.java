package org.modalimmune.evaluate;

/**
 * A closed interval of finite numbers.
 *
 * @param lo lower end
 * @param hi upper end, at least {@code lo}
 */
public record Interval(double lo, double hi) {

  /**
   * Checks the ends.
   *
   * @throws IllegalArgumentException if an end is not finite or they are out of order
   */
  public Interval {
    if (!Double.isFinite(lo) || !Double.isFinite(hi) || lo > hi) {
      throw new IllegalArgumentException(
          "interval: the ends must be finite and ordered, got [" + lo + ", " + hi + "]");
    }
  }

  /**
   * Half the distance between the ends.
   *
   * @return (hi - lo) / 2
   */
  public double halfWidth() {
    return (hi - lo) / 2;
  }
}
