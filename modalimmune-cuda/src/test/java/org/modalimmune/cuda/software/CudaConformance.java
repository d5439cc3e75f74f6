package org.modalimmune.cuda.software;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.BackendConformance;

/** The backend on the software device against the kit, through one of the two bindings. */
@AddLifecycleHook(NeedsSoftwareDevice.class)
abstract class CudaConformance extends BackendConformance {
  private final String library;

  CudaConformance(String library) {
    this.library = library;
  }

  @Override
  protected Backend open(BackendOptions options) {
    return SoftwareDevice.open(options);
  }

  @Override
  protected BackendOptions options() {
    return SoftwareDevice.options(library);
  }

  @Override
  protected BackendOptions limited(int mebibytes) {
    return SoftwareDevice.options(library, "memory-limit-mib", Integer.toString(mebibytes));
  }

  /** Each rule would compile chains of its own; that chains change no bit is shown elsewhere. */
  @Override
  protected BackendOptions optionsOfRules() {
    return SoftwareDevice.options(library, "fusion", "off");
  }

  /** One run more: the order of blocks is drawn anew, and host threads play no part. */
  @Override
  protected int[] threadCounts() {
    return new int[] {2};
  }
}
