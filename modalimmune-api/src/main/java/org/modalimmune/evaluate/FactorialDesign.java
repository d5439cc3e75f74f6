package org.modalimmune.evaluate;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A full factorial experiment: k factors, each on or off, and one run per combination.
 *
 * @param factors names of the factors, 1 to {@value #MAX_FACTORS}, distinct
 * @param runs names of the 2^k runs, distinct; run s has factor j on exactly if bit j of s is set,
 *     so that the first has none on and the last all
 */
public record FactorialDesign(List<String> factors, List<String> runs) {
  /** More would be more than a thousand runs. */
  public static final int MAX_FACTORS = 10;

  /**
   * Copies the lists and checks that they go together.
   *
   * @throws IllegalArgumentException if there are no or too many factors, not 2^k runs, or a name
   *     occurs twice
   */
  public FactorialDesign {
    factors = List.copyOf(factors);
    runs = List.copyOf(runs);
    if (factors.isEmpty() || factors.size() > MAX_FACTORS) {
      throw new IllegalArgumentException(
          "factorial: needs 1 to " + MAX_FACTORS + " factors, got " + factors.size());
    }
    if (runs.size() != 1 << factors.size()) {
      throw new IllegalArgumentException(
          "factorial: "
              + factors.size()
              + " factors have "
              + (1 << factors.size())
              + " combinations, got "
              + runs.size()
              + " runs");
    }
    requireDistinct("factor", factors);
    requireDistinct("run", runs);
  }

  private static void requireDistinct(String what, List<String> names) {
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("factorial: a " + what + " is named twice in " + names);
    }
  }

  /** The names of the factors that are on in a run, in the order of the factors. */
  public List<String> on(int run) {
    return IntStream.range(0, factors.size())
        .filter(j -> (run >>> j & 1) == 1)
        .mapToObj(factors::get)
        .toList();
  }
}
