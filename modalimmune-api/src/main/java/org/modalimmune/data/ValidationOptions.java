package org.modalimmune.data;

import java.util.OptionalInt;
import org.modalimmune.io.DataException;

/**
 * How a validation part is held out of the training rows.
 *
 * @param fraction share of the rows to hold out, above 0 and below 1
 * @param groupCount how many whole groups to hold out instead; empty to go by the fraction
 * @param seed seed of the draw
 */
public record ValidationOptions(double fraction, OptionalInt groupCount, long seed) {
  /** The share held out unless something else is asked for: 15 %. */
  public static final double DEFAULT_FRACTION = 0.15;

  /** Checks the ranges. */
  public ValidationOptions {
    if (!(fraction > 0 && fraction < 1)) {
      throw new DataException(
          "validation: the fraction must lie above 0 and below 1, "
              + fraction
              + " came; try "
              + DEFAULT_FRACTION);
    }
    if (groupCount.isPresent() && groupCount.getAsInt() < 1) {
      throw new DataException(
          "validation: at least one group must be held out, " + groupCount.getAsInt() + " came");
    }
  }

  /**
   * The default share with a seed.
   *
   * @param seed seed of the draw
   * @return 15 % of the rows
   */
  public static ValidationOptions seeded(long seed) {
    return new ValidationOptions(DEFAULT_FRACTION, OptionalInt.empty(), seed);
  }

  /**
   * These options with another fraction.
   *
   * @param value share of the rows, above 0 and below 1
   * @return changed options
   */
  public ValidationOptions withFraction(double value) {
    return new ValidationOptions(value, groupCount, seed);
  }

  /**
   * These options with a number of groups to hold out.
   *
   * @param count at least 1
   * @return changed options
   */
  public ValidationOptions withGroupCount(int count) {
    return new ValidationOptions(fraction, OptionalInt.of(count), seed);
  }
}
