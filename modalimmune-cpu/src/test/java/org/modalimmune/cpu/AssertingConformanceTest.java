package org.modalimmune.cpu;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.AssertingBackend;
import org.modalimmune.conformance.KernelConformance;

/** The reference backend against the kit, every kernel call and all its memory watched. */
class AssertingConformanceTest extends KernelConformance {
  @Override
  protected Backend open(BackendOptions options) {
    return new AssertingBackend(new ReferenceProvider().open(options));
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.ofThreads(1);
  }
}
