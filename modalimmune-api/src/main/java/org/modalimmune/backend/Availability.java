package org.modalimmune.backend;

/**
 * Whether a backend can run here, and why or why not.
 *
 * @param usable true if {@link BackendProvider#open} is expected to succeed
 * @param reason what was found, such as the vector width, or what is missing and how to get it
 */
public record Availability(boolean usable, String reason) {
  /** Usable, with what was found. */
  public static Availability yes(String found) {
    return new Availability(true, found);
  }

  /** Not usable, with what is missing. */
  public static Availability no(String missing) {
    return new Availability(false, missing);
  }
}
