package org.modalimmune.cli;

import java.util.Map;
import java.util.Optional;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What computes, and on how many threads. */
final class BackendArguments {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "Backend that computes; 'modalimmune doctor' lists them. One that is asked for and"
              + " cannot run is an error. Default: the best usable one.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "T",
      description =
          "Threads to use, at least 1; they change the time and never a result. Default: all"
              + " processors of this machine (${DEFAULT-VALUE}).")
  private int threads = BackendOptions.defaults().threads();

  @Mixin private BackendSettings settings = new BackendSettings();

  /**
   * A backend that can be opened.
   *
   * @param name its name
   * @param device its device in words
   * @param settings what it was opened with
   */
  record Chosen(String name, String device, Map<String, String> settings) {
    /** Opens another one of the same kind. */
    Backend open(int threads) {
      return Backends.open(name, new BackendOptions(threads, settings));
    }
  }

  /** The number of threads asked for. */
  int threads() {
    if (threads < 1) {
      throw new UsageException("--threads: must be at least 1, got " + threads);
    }
    return threads;
  }

  /** Opens and closes the backend once, so that whatever hinders it shows before any work. */
  Chosen choose(int threadsEach) {
    try (Backend backend = open(threadsEach)) {
      return new Chosen(
          backend.name(), backend.device(), settings.options(name, threadsEach).settings());
    }
  }

  /** Opens the backend that was asked for, or else the best one. */
  Backend open(int threadsEach) {
    BackendOptions options = settings.options(name, threadsEach);
    // Only a backend that was asked for has settings, and what it refuses is wrong usage.
    return name.isPresent()
        ? UsageException.checked(() -> Backends.open(name.get(), options))
        : Backends.openBest(options);
  }
}
