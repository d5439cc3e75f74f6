package org.modalimmune.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds backends on the class and module path; the only place that asks the ServiceLoader. */
public final class Backends {
  private Backends() {}

  /** All providers, highest priority first, equal ones by name. */
  public static List<BackendProvider> providers() {
    List<BackendProvider> found = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).forEach(found::add);
    found.sort(
        Comparator.comparingInt(BackendProvider::priority)
            .reversed()
            .thenComparing(BackendProvider::name));
    return List.copyOf(found);
  }

  /**
   * The provider of that name.
   *
   * @throws BackendUnavailableException if there is none; the message lists those that exist
   */
  public static BackendProvider provider(String name) {
    List<BackendProvider> all = providers();
    for (BackendProvider p : all) {
      if (p.name().equals(name)) {
        return p;
      }
    }
    throw new BackendUnavailableException(
        "backend: there is none named '"
            + name
            + "'; found: "
            + all.stream().map(BackendProvider::name).toList()
            + "; is its jar on the path?");
  }

  /**
   * Opens the named backend, or fails with the reason; never another one.
   *
   * @throws BackendUnavailableException if it does not exist or cannot run
   */
  public static Backend open(String name, BackendOptions options) {
    BackendProvider p = provider(name);
    Availability a = p.availability();
    if (!a.usable()) {
      throw new BackendUnavailableException("backend " + name + ": " + a.reason());
    }
    return p.open(options);
  }

  /**
   * Opens the usable backend of the highest priority.
   *
   * @throws BackendUnavailableException if none is usable; the message gives each one's reason
   */
  public static Backend openBest(BackendOptions options) {
    StringBuilder reasons = new StringBuilder();
    for (BackendProvider p : providers()) {
      Availability a = p.availability();
      if (a.usable()) {
        return p.open(options);
      }
      reasons.append("; ").append(p.name()).append(": ").append(a.reason());
    }
    throw new BackendUnavailableException(
        "backend: none is usable"
            + (reasons.isEmpty() ? "; put a backend's jar on the path" : reasons.toString()));
  }
}
