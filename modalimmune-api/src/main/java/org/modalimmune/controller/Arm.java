package org.modalimmune.controller;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a controller chooses: the set of modalities to collapse, none included, at least one left.
 *
 * @param collapsed bit {@code m} is set when modality {@code m} is collapsed
 * @param modalities number of modalities M, 1 to {@value #MAX_MODALITIES}
 */
public record Arm(long collapsed, int modalities) {
  /** The largest number of modalities a mask can hold. */
  public static final int MAX_MODALITIES = 62;

  /** The largest number of arms that {@link #upTo} enumerates. */
  public static final int MAX_ENUMERATED = 1 << 20;

  /** Checks the mask against the number of modalities. */
  public Arm {
    if (modalities < 1 || modalities > MAX_MODALITIES) {
      throw new IllegalArgumentException(
          "arm: the number of modalities must be 1 to " + MAX_MODALITIES + ", got " + modalities);
    }
    if (collapsed < 0 || collapsed >= full(modalities)) {
      throw new IllegalArgumentException(
          "arm: the mask must leave at least one of "
              + modalities
              + " modalities, got bits "
              + Long.toBinaryString(collapsed)
              + "; is the number of modalities the data's?");
    }
  }

  /** Nothing is collapsed. */
  public static Arm none(int modalities) {
    return new Arm(0, modalities);
  }

  /** One modality is collapsed; M must be at least 2. */
  public static Arm single(int modality, int modalities) {
    return new Arm(bit(modality, modalities), modalities);
  }

  /** Two different modalities are collapsed; M must be at least 3. */
  public static Arm pair(int first, int second, int modalities) {
    if (first == second) {
      throw new IllegalArgumentException(
          "arm: a pair needs two modalities, got " + first + " twice");
    }
    return new Arm(bit(first, modalities) | bit(second, modalities), modalities);
  }

  /** The arm that leaves the given modalities present; at least one. */
  public static Arm ofPresent(long present, int modalities) {
    return new Arm(present ^ full(Math.clamp(modalities, 1, MAX_MODALITIES)), modalities);
  }

  /**
   * Every arm that collapses at most {@code size} modalities and leaves one: by size, at one size
   * in the order of the lowest modality in which two arms differ. With three modalities and size 2:
   * none, 0, 1, 2, 01, 02, 12.
   *
   * @param modalities M
   * @param size at least 0
   * @throws IllegalArgumentException if there are more than {@value #MAX_ENUMERATED}
   */
  public static List<Arm> upTo(int modalities, int size) {
    none(modalities);
    if (size < 0) {
      throw new IllegalArgumentException("arms: the size must not be negative, got " + size);
    }
    int largest = Math.min(size, modalities - 1);
    requireFew(modalities, largest);
    List<Arm> arms = new ArrayList<>();
    arms.add(none(modalities));
    for (int k = 1; k <= largest; k++) {
      List<Arm> ofSize = new ArrayList<>();
      for (long mask = (1L << k) - 1; mask < 1L << modalities; mask = next(mask)) {
        ofSize.add(new Arm(mask, modalities));
      }
      ofSize.sort(
          (a, b) -> Long.compareUnsigned(Long.reverse(b.collapsed), Long.reverse(a.collapsed)));
      arms.addAll(ofSize);
    }
    return Collections.unmodifiableList(arms);
  }

  private static void requireFew(int modalities, int largest) {
    double count = 1;
    double ofSize = 1;
    for (int k = 1; k <= largest; k++) {
      ofSize *= (modalities - k + 1.0) / k;
      count += ofSize;
    }
    if (count > MAX_ENUMERATED) {
      throw new IllegalArgumentException(
          "arms: at most "
              + MAX_ENUMERATED
              + " can be enumerated, got "
              + modalities
              + " modalities and sizes up to "
              + largest
              + "; lower the size");
    }
  }

  /** The next larger number with as many bits (Gosper). */
  private static long next(long mask) {
    long lowest = mask & -mask;
    long carried = mask + lowest;
    return ((mask ^ carried) >>> 2) / lowest | carried;
  }

  /** The mask of the modalities that stay. */
  public long present() {
    return collapsed ^ full(modalities);
  }

  /** Number of collapsed modalities, 0 to M - 1. */
  public int size() {
    return Long.bitCount(collapsed);
  }

  /** Whether a modality is collapsed. */
  public boolean collapses(int modality) {
    return (collapsed & bit(modality, modalities)) != 0;
  }

  private static long full(int modalities) {
    return (1L << modalities) - 1;
  }

  private static long bit(int modality, int modalities) {
    if (modality < 0 || modality >= modalities) {
      throw new IllegalArgumentException(
          "arm: modality " + modality + " is outside 0 to " + (modalities - 1));
    }
    return 1L << modality;
  }
}
