package org.modalimmune.cpu;

import java.util.Map;
import java.util.Set;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.parallel.WorkerPool;

/**
 * The backend {@code cpu}: Vector API kernels on several threads. Results depend neither on the
 * number of threads nor on timing.
 *
 * <p>Settings: {@code vector-bits} 128, 256 or 512 (default: what the processor prefers) and {@code
 * memory-limit-mib} (default: the machine's memory).
 */
public final class CpuProvider implements BackendProvider {
  private static final String NAME = "cpu";
  private static final String VECTOR_BITS = "vector-bits";

  /** For the ServiceLoader. */
  public CpuProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Availability availability() {
    return VectorModule.isPresent()
        ? Availability.yes(VectorModule.preferredBits() + "-bit vectors")
        : Availability.no(
            "the module jdk.incubator.vector is missing; start java with --add-modules"
                + " jdk.incubator.vector");
  }

  @Override
  public Backend open(BackendOptions options) {
    HostSettings.requireKnown(NAME, options, Set.of(VECTOR_BITS, HostSettings.MEMORY_LIMIT_MIB));
    Availability found = availability();
    if (!found.usable()) {
      throw new BackendUnavailableException("backend " + NAME + ": " + found.reason());
    }
    int bits = vectorBits(options.settings());
    HostAllocator allocator = HostSettings.allocator(NAME, options);
    WorkerPool workers = new WorkerPool(options.threads());
    return new HostBackend(
        NAME,
        bits
            + "-bit vectors, "
            + options.threads()
            + (options.threads() == 1 ? " thread" : " threads"),
        allocator,
        VectorModule.kernels(bits, allocator, workers),
        workers::close);
  }

  private static int vectorBits(Map<String, String> settings) {
    String given = settings.get(VECTOR_BITS);
    if (given == null) {
      return VectorModule.preferredBits();
    }
    return switch (given) {
      case "128" -> 128;
      case "256" -> 256;
      case "512" -> 512;
      default ->
          throw new IllegalArgumentException(
              "setting " + VECTOR_BITS + ": must be 128, 256 or 512, got " + given);
    };
  }
}
