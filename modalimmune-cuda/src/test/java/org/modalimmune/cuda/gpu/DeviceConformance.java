package org.modalimmune.cuda.gpu;

import java.util.Map;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.conformance.BackendConformance;

/** The whole kit on the device that is there. */
class DeviceConformance extends BackendConformance {
  @Override
  protected Backend open(BackendOptions options) {
    return Backends.open("cuda", options);
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.ofThreads(2);
  }

  @Override
  protected BackendOptions limited(int mebibytes) {
    return new BackendOptions(2, Map.of("memory-limit-mib", Integer.toString(mebibytes)));
  }
}
