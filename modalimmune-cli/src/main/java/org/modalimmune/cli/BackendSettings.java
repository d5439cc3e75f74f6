package org.modalimmune.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.modalimmune.backend.BackendOptions;
import picocli.CommandLine.Option;

/** Settings that one backend alone understands. */
final class BackendSettings {
  private static final String OPTION = "--backend-setting";

  @Option(
      names = OPTION,
      paramLabel = "NAME=VALUE",
      description =
          "A setting of the backend named by --backend, such as memory-limit-mib=4096 or, for"
              + " cuda, math=tf32; may be given several times. The backend refuses those that it"
              + " does not know. Default: none.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /**
   * The options to open a backend with.
   *
   * @param backend the backend asked for by name
   * @param threads threads to use
   */
  BackendOptions options(Optional<String> backend, int threads) {
    if (!settings.isEmpty() && backend.isEmpty()) {
      throw new UsageException(
          OPTION + ": every backend has settings of its own; name the one meant by --backend");
    }
    return UsageException.checked(() -> new BackendOptions(threads, settings));
  }
}
