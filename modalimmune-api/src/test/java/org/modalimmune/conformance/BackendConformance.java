package org.modalimmune.conformance;

import net.jqwik.api.Group;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;

/**
 * All contracts at once: a backend's module extends this class and says how to open the backend.
 */
public abstract class BackendConformance extends KernelConformance {
  /** For subclasses. */
  protected BackendConformance() {}

  /** The same options, and no more than so much device memory. */
  protected abstract BackendOptions limited(int mebibytes);

  /** Scopes and memory. */
  @Group
  class Memory extends MemoryContract {
    @Override
    protected Backend open(BackendOptions options) {
      return BackendConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return BackendConformance.this.options();
    }

    @Override
    protected BackendOptions limited(int mebibytes) {
      return BackendConformance.this.limited(mebibytes);
    }
  }

  /** Thread counts. */
  @Group
  class Threads extends ThreadContract {
    @Override
    protected Backend open(BackendOptions options) {
      return BackendConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return BackendConformance.this.options();
    }
  }
}
