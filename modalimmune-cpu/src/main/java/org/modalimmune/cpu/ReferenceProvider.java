package org.modalimmune.cpu;

import java.util.Set;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.cpu.reference.ReferenceKernels;

/**
 * The backend {@code reference}: plain loops, one thread, obviously right. It runs everywhere; the
 * thread count is accepted and unused.
 */
public final class ReferenceProvider implements BackendProvider {
  private static final String NAME = "reference";

  /** For the ServiceLoader. */
  public ReferenceProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Availability availability() {
    return Availability.yes("plain loops, runs everywhere");
  }

  @Override
  public Backend open(BackendOptions options) {
    HostSettings.requireKnown(NAME, options, Set.of(HostSettings.MEMORY_LIMIT_MIB));
    return new HostBackend(
        NAME,
        "plain loops, 1 thread",
        HostSettings.allocator(NAME, options),
        new ReferenceKernels(),
        () -> {});
  }
}
