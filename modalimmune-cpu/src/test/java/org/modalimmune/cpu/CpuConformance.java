package org.modalimmune.cpu;

import java.util.Map;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.BackendConformance;

/** The cpu backend against the kit, at one vector width. */
abstract class CpuConformance extends BackendConformance {
  private final String vectorBits;
  private final int threads;

  CpuConformance(int vectorBits, int threads) {
    this.vectorBits = Integer.toString(vectorBits);
    this.threads = threads;
  }

  @Override
  protected Backend open(BackendOptions options) {
    return new CpuProvider().open(options);
  }

  @Override
  protected BackendOptions options() {
    return new BackendOptions(threads, Map.of("vector-bits", vectorBits));
  }

  @Override
  protected BackendOptions limited(int mebibytes) {
    return new BackendOptions(
        threads,
        Map.of("vector-bits", vectorBits, "memory-limit-mib", Integer.toString(mebibytes)));
  }

  /** All counts at the machine's own width, an odd one at the others. */
  @Override
  protected int[] threadCounts() {
    boolean preferred = vectorBits.equals(Integer.toString(VectorModule.preferredBits()));
    return preferred ? super.threadCounts() : new int[] {3};
  }
}
