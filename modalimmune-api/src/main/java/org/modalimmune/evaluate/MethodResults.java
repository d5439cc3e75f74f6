package org.modalimmune.evaluate;

import java.util.Comparator;
import java.util.List;

/**
 * The results of one method for all its seeds.
 *
 * @param name the method's name, for example {@code dropout-noise}
 * @param description one sentence on what the method does; may be empty
 * @param seeds one result per seed; kept in ascending order of the seeds, so that the order in
 *     which seeds finish does not show
 */
public record MethodResults(String name, String description, List<SeedResult> seeds) {

  /**
   * Sorts by seed and checks that the seeds measured the same things.
   *
   * @throws IllegalArgumentException if there are no seeds, a seed occurs twice, or two seeds
   *     differ in what was measured
   */
  public MethodResults {
    seeds = seeds.stream().sorted(Comparator.comparingLong(SeedResult::seed)).toList();
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("method " + name + ": no seeds");
    }
    SeedResult first = seeds.getFirst();
    for (int i = 1; i < seeds.size(); i++) {
      SeedResult other = seeds.get(i);
      if (other.seed() == seeds.get(i - 1).seed()) {
        throw new IllegalArgumentException(
            "method " + name + ": seed " + other.seed() + " occurs twice");
      }
      if (!measured(other).equals(measured(first))) {
        throw new IllegalArgumentException(
            "method "
                + name
                + ": seeds "
                + first.seed()
                + " and "
                + other.seed()
                + " differ in the patterns, corruptions, modalities, severities or"
                + " meta-parameters measured");
      }
    }
  }

  private static List<Object> measured(SeedResult result) {
    return List.of(
        result.told().keySet(),
        result.silent().keySet(),
        List.copyOf(result.corruptions().keySet()),
        List.copyOf(result.reconstruction().keySet()),
        result.severity().stream().map(SeverityValue::severity).toList(),
        List.copyOf(result.metaParameters().keySet()));
  }
}
