package org.modalimmune.cuda.gpu;

import net.jqwik.api.PropertyDefaults;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.conformance.OperatorConformance;

/** The operators on the device that is there. */
@PropertyDefaults(tries = 10)
class DeviceOperators extends OperatorConformance {
  @Override
  protected Backend open() {
    return Backends.open("cuda", BackendOptions.ofThreads(1));
  }

  @Override
  protected int cases(int all) {
    return Math.max(1, all / 10);
  }
}
