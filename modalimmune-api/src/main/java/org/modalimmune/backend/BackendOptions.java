package org.modalimmune.backend;

import java.util.Map;
import java.util.TreeMap;

/**
 * Settings given when a backend is opened; there are no global ones.
 *
 * @param threads worker threads of the backend, at least 1; results do not depend on it
 * @param settings settings of one backend by name, such as {@code vector-bits}; a backend refuses
 *     names it does not know
 */
public record BackendOptions(int threads, Map<String, String> settings) {
  /** Checks and copies. */
  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: must be at least 1, got " + threads);
    }
    settings = Map.copyOf(new TreeMap<>(settings));
  }

  /** All processors, no special settings. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors(), Map.of());
  }

  /** A number of threads, no special settings. */
  public static BackendOptions ofThreads(int threads) {
    return new BackendOptions(threads, Map.of());
  }
}
