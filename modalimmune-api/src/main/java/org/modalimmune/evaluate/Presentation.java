package org.modalimmune.evaluate;

/**
 * How rows are shown to a model: what it is told is present, and what really carries features. A
 * modality that is told but not real is zero-filled, which is its training mean, without notice.
 *
 * @param told the presence the model is told
 * @param real the modalities that carry features; a subset of {@code told}
 */
public record Presentation(PresencePattern told, PresencePattern real) {
  /**
   * Checks that real is a subset of told.
   *
   * @throws IllegalArgumentException if it is not, or the numbers of modalities differ
   */
  public Presentation {
    if (told.modalities() != real.modalities() || (real.mask() & ~told.mask()) != 0) {
      throw new IllegalArgumentException(
          "presentation: what is real must be told: told " + told + ", real " + real);
    }
  }

  /** The model is told exactly what is missing. */
  public static Presentation told(PresencePattern pattern) {
    return new Presentation(pattern, pattern);
  }

  /** What is missing is zero-filled and the model believes that everything is there. */
  public static Presentation silent(PresencePattern real) {
    return new Presentation(PresencePattern.full(real.modalities()), real);
  }
}
