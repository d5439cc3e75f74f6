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

  /** Numbers of threads at which results must be those of one thread. */
  protected int[] threadCounts() {
    return new int[] {2, 3, 5};
  }

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

    @Override
    protected int[] threadCounts() {
      return BackendConformance.this.threadCounts();
    }
  }
}
