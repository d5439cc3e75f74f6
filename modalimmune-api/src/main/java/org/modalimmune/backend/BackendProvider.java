package org.modalimmune.backend;

/**
 * A kind of backend, found by {@link java.util.ServiceLoader}. Providers are cheap to make; nothing
 * is loaded or allocated before {@link #open}.
 */
public interface BackendProvider {
  /** Name to ask for, such as {@code reference}, {@code cpu} or {@code cuda}. */
  String name();

  /** Rank among the usable backends when none is asked for by name; the highest wins. */
  int priority();

  /** Looks whether the backend can run here. Never throws. */
  Availability availability();

  /**
   * Opens the backend.
   *
   * @throws BackendUnavailableException if it cannot run, with the reason
   * @throws IllegalArgumentException if a setting is unknown or out of range
   */
  Backend open(BackendOptions options);
}
