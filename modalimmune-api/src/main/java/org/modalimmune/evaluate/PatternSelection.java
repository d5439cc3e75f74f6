package org.modalimmune.evaluate;

import java.util.List;
import java.util.TreeSet;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * The presence patterns a report evaluates. Up to {@value #EXHAUSTIVE_MODALITIES} modalities these
 * are all 2^M - 1. Above that: the full pattern, every modality alone, every pattern that lacks one
 * modality, and a seeded sample of the rest up to {@code limit} patterns. A sampled pattern has a
 * size drawn uniformly from 2 to M - 2 and is uniform within its size, so that small and large
 * subsets are both seen; repeated draws are dropped. The draws come from a {@link RandomStream}:
 * the same arguments give the same patterns everywhere.
 *
 * @param limit the most patterns to select when not all are taken; at least 2 M + 1
 * @param seed seed of the sample
 */
public record PatternSelection(int limit, long seed) {

  /** The largest M for which every pattern is taken. */
  public static final int EXHAUSTIVE_MODALITIES = 6;

  /** 128 patterns, seed 0. */
  public static final PatternSelection DEFAULT = new PatternSelection(128, 0);

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public PatternSelection {
    if (limit < 1) {
      throw new IllegalArgumentException("pattern selection: the limit must be >= 1, got " + limit);
    }
  }

  /**
   * Selects the patterns for M modalities.
   *
   * @param modalities number of modalities M
   * @return distinct patterns in natural order, the full one first
   * @throws IllegalArgumentException if M is above {@value #EXHAUSTIVE_MODALITIES} and the limit
   *     cannot hold the 2 M + 1 patterns that are always taken
   */
  public List<PresencePattern> patterns(int modalities) {
    if (modalities <= EXHAUSTIVE_MODALITIES) {
      return PresencePattern.all(modalities);
    }
    PresencePattern full = PresencePattern.full(modalities);
    if (limit >= full.mask() && modalities <= PresencePattern.MAX_ENUMERATED) {
      return PresencePattern.all(modalities);
    }
    if (limit < 2 * modalities + 1) {
      throw new IllegalArgumentException(
          "pattern selection: "
              + modalities
              + " modalities need a limit of at least "
              + (2 * modalities + 1)
              + " (full, each alone, each left out), got "
              + limit);
    }
    TreeSet<PresencePattern> selected = new TreeSet<>();
    selected.add(full);
    for (int i = 0; i < modalities; i++) {
      selected.add(PresencePattern.only(i, modalities));
      selected.add(PresencePattern.without(i, modalities));
    }
    RandomStream random = new RandomStream(RandomKey.of(seed).fold("presence patterns"));
    while (selected.size() < limit) {
      selected.add(draw(modalities, random));
    }
    return List.copyOf(selected);
  }

  private static PresencePattern draw(int modalities, RandomStream random) {
    int size = 2 + random.nextInt(modalities - 3);
    long mask = 0;
    int needed = size;
    for (int i = 0; i < modalities; i++) {
      if (random.nextInt(modalities - i) < needed) {
        mask |= 1L << i;
        needed--;
      }
    }
    return new PresencePattern(mask, modalities);
  }
}
