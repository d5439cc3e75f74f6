package org.modalimmune.cpu;

import net.jqwik.api.PropertyDefaults;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.OperatorConformance;

/** The operators on the cpu backend. */
@PropertyDefaults(tries = 20)
class CpuOperatorsTest extends OperatorConformance {
  @Override
  protected Backend open() {
    return new CpuProvider().open(BackendOptions.ofThreads(1));
  }
}
