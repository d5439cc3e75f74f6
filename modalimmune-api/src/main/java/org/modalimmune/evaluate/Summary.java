package org.modalimmune.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One figure over n seeds. The interval says how far the mean over seeds may be from the mean over
 * all seeds; it does not speak of other test sets.
 *
 * @param mean arithmetic mean
 * @param std sample standard deviation (divisor n - 1); empty for n = 1, where it is undefined
 * @param ci95 the 95 % Student t interval, mean -+ t(0.975, n - 1) std / sqrt(n); empty for n = 1
 * @param values one per seed, in ascending order of the seeds; at least one
 */
public record Summary(
    double mean, OptionalDouble std, Optional<Interval> ci95, List<Double> values) {

  /**
   * Checks that the parts go together and copies the values.
   *
   * @throws IllegalArgumentException if there are no values, a value is not finite, or spread and
   *     interval are present with one value or absent with several
   */
  public Summary {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("summary: at least one value is needed");
    }
    for (int i = 0; i < values.size(); i++) {
      requireFinite(i, values.get(i));
    }
    if (!Double.isFinite(mean) || (std.isPresent() && !(std.getAsDouble() >= 0))) {
      throw new IllegalArgumentException("summary: mean " + mean + ", std " + std);
    }
    boolean several = values.size() > 1;
    if (std.isPresent() != several || ci95.isPresent() != several) {
      throw new IllegalArgumentException(
          "summary: spread and interval belong to two or more values, got "
              + values.size()
              + " value(s)");
    }
  }

  /**
   * Summarises values. Equal values have the mean exactly, spread 0 and an interval of width 0.
   *
   * @param values one per seed
   * @return the summary
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public static Summary of(double... values) {
    for (int i = 0; i < values.length; i++) {
      requireFinite(i, values[i]);
    }
    List<Double> list = Arrays.stream(values).boxed().toList();
    if (values.length < 2) {
      double only = values.length == 0 ? 0 : values[0];
      return new Summary(only, OptionalDouble.empty(), Optional.empty(), list);
    }
    int n = values.length;
    // Shifted by the first value, so that equal values have no spread from rounding.
    double shift = values[0];
    double mean = 0;
    for (double v : values) {
      mean += (v - shift) / n;
    }
    double squares = 0;
    for (double v : values) {
      squares += (v - shift - mean) * (v - shift - mean);
    }
    mean += shift;
    double std = Math.sqrt(squares / (n - 1));
    double half = StudentT.quantile(0.975, n - 1) * std / Math.sqrt(n);
    return new Summary(
        mean, OptionalDouble.of(std), Optional.of(new Interval(mean - half, mean + half)), list);
  }

  /**
   * Summarises values.
   *
   * @param values one per seed
   * @return the summary
   */
  public static Summary of(List<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static void requireFinite(int index, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("summary: value " + index + " is " + value);
    }
  }
}
