package org.modalimmune.controller;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings and progress of a controller as plain finite numbers. Equal states hold equal bits.
 *
 * @param kind what was saved, such as {@code exp3-ix}
 * @param version of the kind's layout
 * @param values numbers by name; a count is stored as the float64 of equal value
 */
public record ControllerState(String kind, int version, SortedMap<String, List<Double>> values) {
  /** Largest count that every smaller count is exact beside, 2^53. */
  private static final double LARGEST_COUNT = 0x1p53;

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  public ControllerState {
    SortedMap<String, List<Double>> copy = new TreeMap<>();
    values.forEach(
        (name, list) -> {
          for (double v : list) {
            if (!Double.isFinite(v)) {
              throw new IllegalArgumentException(
                  "controller state: values must be finite, got "
                      + v
                      + " in '"
                      + name
                      + "'; is the file damaged?");
            }
          }
          copy.put(name, List.copyOf(list));
        });
    values = Collections.unmodifiableSortedMap(copy);
  }

  /** The inverse of {@link #arrays()}. */
  public static ControllerState of(String kind, int version, Map<String, double[]> arrays) {
    SortedMap<String, List<Double>> values = new TreeMap<>();
    arrays.forEach((name, array) -> values.put(name, Arrays.stream(array).boxed().toList()));
    return new ControllerState(kind, version, values);
  }

  /** The values as arrays in the order of their names, for a file format; copies. */
  public Map<String, double[]> arrays() {
    Map<String, double[]> arrays = new LinkedHashMap<>();
    values.forEach((name, list) -> arrays.put(name, array(list)));
    return arrays;
  }

  void requireKind(String expectedKind, int expectedVersion) {
    if (!kind.equals(expectedKind) || version != expectedVersion) {
      throw new IllegalArgumentException(
          "controller state: needs kind '"
              + expectedKind
              + "' version "
              + expectedVersion
              + ", got '"
              + kind
              + "' version "
              + version
              + "; was the checkpoint written with another controller?");
    }
  }

  /** Refuses the state unless {@code name} holds exactly these bits. */
  void requireSame(String name, double... expected) {
    double[] found = array(name, expected.length);
    if (!Arrays.equals(found, expected)) {
      throw new IllegalArgumentException(
          "controller state: '"
              + name
              + "' is "
              + Arrays.toString(found)
              + ", but this controller has "
              + Arrays.toString(expected)
              + "; restore into one with the settings of the checkpoint");
    }
  }

  double[] array(String name, int length) {
    List<Double> found = values.get(name);
    if (found == null || found.size() != length) {
      throw new IllegalArgumentException(
          "controller state: '"
              + name
              + "' needs "
              + length
              + " values, got "
              + (found == null ? "none" : found.size())
              + "; was the checkpoint written for another number of arms?");
    }
    return array(found);
  }

  long count(String name) {
    double found = array(name, 1)[0];
    if (found < 0 || found > LARGEST_COUNT || found != Math.rint(found)) {
      throw new IllegalArgumentException(
          "controller state: '" + name + "' must be a count, got " + found);
    }
    return (long) found;
  }

  private static double[] array(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
