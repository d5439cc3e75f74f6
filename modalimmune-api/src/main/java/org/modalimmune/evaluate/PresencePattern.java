package org.modalimmune.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which modalities of a sample are present: a non-empty subset of {@code modalities} modalities.
 *
 * <p>Natural order: more present modalities first (so the full pattern leads); among patterns of
 * one size, at the lowest modality index where two differ, the one that has it comes first. With
 * modalities {@code a, b, c}: {@code abc, ab, ac, bc, a, b, c}.
 *
 * @param mask bit {@code i} is set when modality {@code i} is present; never zero
 * @param modalities number of modalities M, 1 to {@value #MAX_MODALITIES}
 */
public record PresencePattern(long mask, int modalities) implements Comparable<PresencePattern> {

  /** The largest number of modalities a mask can hold. */
  public static final int MAX_MODALITIES = 62;

  /** The largest M for which {@link #all} enumerates every pattern (1,048,575 of them). */
  public static final int MAX_ENUMERATED = 20;

  /**
   * Checks the mask against the number of modalities.
   *
   * @throws IllegalArgumentException if M is out of range, or the mask is empty or names a modality
   *     that does not exist
   */
  public PresencePattern {
    if (modalities < 1 || modalities > MAX_MODALITIES) {
      throw new IllegalArgumentException(
          "presence pattern: the number of modalities must be 1 to "
              + MAX_MODALITIES
              + ", got "
              + modalities);
    }
    if (mask <= 0 || mask >>> modalities != 0) {
      throw new IllegalArgumentException(
          "presence pattern: the mask must be a non-empty subset of "
              + modalities
              + " modalities, got bits "
              + Long.toBinaryString(mask)
              + "; is the number of modalities the data's?");
    }
  }

  /**
   * Every modality present.
   *
   * @param modalities number of modalities M
   * @return the full pattern
   */
  public static PresencePattern full(int modalities) {
    if (modalities < 1 || modalities > MAX_MODALITIES) {
      return new PresencePattern(1, modalities);
    }
    return new PresencePattern((1L << modalities) - 1, modalities);
  }

  /**
   * One modality alone.
   *
   * @param modality index of the present modality
   * @param modalities number of modalities M
   * @return the pattern
   */
  public static PresencePattern only(int modality, int modalities) {
    requireIndex(modality, modalities);
    return new PresencePattern(1L << modality, modalities);
  }

  /**
   * All modalities but one.
   *
   * @param modality index of the absent modality
   * @param modalities number of modalities M, at least 2
   * @return the pattern
   */
  public static PresencePattern without(int modality, int modalities) {
    requireIndex(modality, modalities);
    return new PresencePattern(full(modalities).mask & ~(1L << modality), modalities);
  }

  /**
   * All 2^M - 1 non-empty patterns in natural order.
   *
   * @param modalities number of modalities M, at most {@value #MAX_ENUMERATED}; {@link
   *     PatternSelection} chooses among more
   * @return the patterns, full first
   * @throws IllegalArgumentException if M is larger
   */
  public static List<PresencePattern> all(int modalities) {
    if (modalities > MAX_ENUMERATED) {
      throw new IllegalArgumentException(
          "presence patterns: at most "
              + MAX_ENUMERATED
              + " modalities can be enumerated, got "
              + modalities
              + "; use PatternSelection");
    }
    long last = full(modalities).mask;
    List<PresencePattern> patterns = new ArrayList<>((int) last);
    for (long mask = 1; mask <= last; mask++) {
      patterns.add(new PresencePattern(mask, modalities));
    }
    Collections.sort(patterns);
    return Collections.unmodifiableList(patterns);
  }

  /**
   * Whether a modality is present.
   *
   * @param modality its index
   * @return true if present
   */
  public boolean isPresent(int modality) {
    requireIndex(modality, modalities);
    return (mask >>> modality & 1) != 0;
  }

  /**
   * The number of present modalities.
   *
   * @return 1 to M
   */
  public int size() {
    return Long.bitCount(mask);
  }

  /**
   * Whether every modality is present.
   *
   * @return true for the full pattern
   */
  public boolean isFull() {
    return size() == modalities;
  }

  /**
   * The names of the present modalities, in the data's order.
   *
   * @param modalityNames the M names
   * @return the present ones
   * @throws IllegalArgumentException if there are not M names
   */
  public List<String> names(List<String> modalityNames) {
    if (modalityNames.size() != modalities) {
      throw new IllegalArgumentException(
          "presence pattern: "
              + modalities
              + " modalities, but "
              + modalityNames.size()
              + " names");
    }
    List<String> present = new ArrayList<>(size());
    for (int i = 0; i < modalities; i++) {
      if (isPresent(i)) {
        present.add(modalityNames.get(i));
      }
    }
    return Collections.unmodifiableList(present);
  }

  /**
   * The present names joined by {@code " + "}, for people.
   *
   * @param modalityNames the M names
   * @return for example {@code "text + audio"}
   */
  public String label(List<String> modalityNames) {
    return String.join(" + ", names(modalityNames));
  }

  @Override
  public int compareTo(PresencePattern other) {
    int bySize = Integer.compare(other.size(), size());
    if (bySize != 0) {
      return bySize;
    }
    long differing = mask ^ other.mask;
    if (differing == 0) {
      return Integer.compare(modalities, other.modalities);
    }
    return (mask & Long.lowestOneBit(differing)) != 0 ? -1 : 1;
  }

  private static void requireIndex(int modality, int modalities) {
    if (modality < 0 || modality >= modalities || modality >= MAX_MODALITIES) {
      throw new IllegalArgumentException(
          "presence pattern: modality " + modality + " is outside 0 to " + (modalities - 1));
    }
  }
}
