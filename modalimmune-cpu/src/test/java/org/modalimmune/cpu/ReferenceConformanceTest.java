package org.modalimmune.cpu;

import java.util.Map;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.BackendConformance;

/** The reference backend against the kit. */
class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected Backend open(BackendOptions options) {
    return new ReferenceProvider().open(options);
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.ofThreads(1);
  }

  @Override
  protected BackendOptions limited(int mebibytes) {
    return new BackendOptions(1, Map.of("memory-limit-mib", Integer.toString(mebibytes)));
  }
}
