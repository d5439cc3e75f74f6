package org.modalimmune.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a part of a run continues from, as named float64 arrays; immutable. The arrays of a part
 * within it are named {@code part.array}; a count is stored as the float64 of equal value.
 */
public final class TrainingState {
  /** Largest count that every smaller count is exact beside. */
  private static final double LARGEST_COUNT = 0x1p53;

  private static final TrainingState EMPTY = new TrainingState(new TreeMap<>());

  private final SortedMap<String, double[]> arrays;

  private TrainingState(SortedMap<String, double[]> arrays) {
    this.arrays = arrays;
  }

  /** Nothing. */
  public static TrainingState empty() {
    return EMPTY;
  }

  /**
   * Arrays by name; copied.
   *
   * @throws IllegalArgumentException if a value is NaN or infinite
   */
  public static TrainingState of(Map<String, double[]> arrays) {
    SortedMap<String, double[]> copy = new TreeMap<>();
    arrays.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
              throw new IllegalArgumentException(
                  "training state: '"
                      + name
                      + "' must be finite, got "
                      + values[i]
                      + " at place "
                      + i);
            }
          }
          copy.put(name, values.clone());
        });
    return new TrainingState(copy);
  }

  /**
   * One state of several parts.
   *
   * @param parts by name; a name has no full stop
   */
  public static TrainingState ofParts(Map<String, TrainingState> parts) {
    SortedMap<String, double[]> joined = new TreeMap<>();
    parts.forEach(
        (part, state) -> {
          if (part.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                "training state: the name of a part must not have a full stop, got " + part);
          }
          state.arrays.forEach((name, values) -> joined.put(part + "." + name, values));
        });
    return new TrainingState(joined);
  }

  /** The state of one part; empty if there is none. */
  public TrainingState part(String part) {
    SortedMap<String, double[]> within = new TreeMap<>();
    String prefix = part + ".";
    arrays.forEach(
        (name, values) -> {
          if (name.startsWith(prefix)) {
            within.put(name.substring(prefix.length()), values);
          }
        });
    return new TrainingState(within);
  }

  /** All arrays by name; copies. */
  public SortedMap<String, double[]> arrays() {
    SortedMap<String, double[]> copy = new TreeMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return Collections.unmodifiableSortedMap(copy);
  }

  /** Whether there is an array of this name. */
  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  /**
   * An array, a copy.
   *
   * @throws IllegalArgumentException if there is none
   */
  public double[] array(String name) {
    double[] found = arrays.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "training state: has no '" + name + "'; was it saved with other settings?");
    }
    return found.clone();
  }

  /**
   * An array of a length, a copy.
   *
   * @throws IllegalArgumentException if there is none or its length is another
   */
  public double[] array(String name, int length) {
    double[] found = array(name);
    if (found.length != length) {
      throw new IllegalArgumentException(
          "training state: '"
              + name
              + "' needs "
              + length
              + " values, got "
              + found.length
              + "; was it saved with other settings?");
    }
    return found;
  }

  /**
   * An array of one value.
   *
   * @throws IllegalArgumentException if there is none or it has more
   */
  public double number(String name) {
    return array(name, 1)[0];
  }

  /**
   * An array of one whole number from 0 to 2^53.
   *
   * @throws IllegalArgumentException if there is none
   */
  public long count(String name) {
    double found = number(name);
    if (!(found >= 0 && found <= LARGEST_COUNT) || found != Math.rint(found)) {
      throw new IllegalArgumentException(
          "training state: '" + name + "' must be a count, got " + found);
    }
    return (long) found;
  }

  /**
   * Refuses parts that nobody asked for.
   *
   * @param known names of parts and of arrays outside of parts
   * @throws IllegalArgumentException if there is another
   */
  public void requireOnly(Set<String> known) {
    for (String name : arrays.keySet()) {
      int stop = name.indexOf('.');
      if (!known.contains(name) && !(stop >= 0 && known.contains(name.substring(0, stop)))) {
        throw new IllegalArgumentException(
            "training state: nothing here continues from '"
                + name
                + "'; was it saved with other settings?");
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingState state
        && arrays.keySet().equals(state.arrays.keySet())
        && arrays.keySet().stream().allMatch(n -> Arrays.equals(array(n), state.array(n)));
  }

  @Override
  public int hashCode() {
    return arrays.keySet().hashCode();
  }

  @Override
  public String toString() {
    return "TrainingState" + arrays.keySet();
  }
}
