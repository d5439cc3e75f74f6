package org.modalimmune.cuda;

import java.nio.file.Path;
import java.util.Map;

/** Where compiled kernels are kept if no folder is named. */
final class CacheFolder {
  private CacheFolder() {}

  /**
   * {@code modalimmune/cuda} in {@code XDG_CACHE_HOME}, or in {@code .cache} of the user's home.
   */
  static Path ofUser(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification has relative paths ignored.
    Path caches =
        !xdg.isBlank() && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("modalimmune").resolve("cuda");
  }
}
