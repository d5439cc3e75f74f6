package org.modalimmune.cuda.software;

import net.jqwik.api.Group;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.DecompositionContract;
import org.modalimmune.conformance.MatrixContract;
import org.modalimmune.conformance.MemoryContract;
import org.modalimmune.conformance.RandomContract;

/** What goes through CUDA's libraries, with those of CUDA 12, bound by JCuda. */
@AddLifecycleHook(NeedsSoftwareDevice.class)
@SuppressWarnings("ClassCanBeStatic") // the engine looks for inner classes that are not
class JCudaConformanceTest {
  private static final String LIBRARY = "jcuda";

  /** Matrix products, by cuBLAS. */
  @Group
  class Matrix extends MatrixContract {
    @Override
    protected Backend open(BackendOptions options) {
      return SoftwareDevice.open(options);
    }

    @Override
    protected BackendOptions options() {
      return SoftwareDevice.options(LIBRARY);
    }
  }

  /** Decompositions, by cuSOLVER and cuBLAS. */
  @Group
  class Decomposition extends DecompositionContract {
    @Override
    protected Backend open(BackendOptions options) {
      return SoftwareDevice.open(options);
    }

    @Override
    protected BackendOptions options() {
      return SoftwareDevice.options(LIBRARY);
    }
  }

  /** Random fills, whose kernels must not be contracted whichever NVRTC compiles them. */
  @Group
  class Random extends RandomContract {
    @Override
    protected Backend open(BackendOptions options) {
      return SoftwareDevice.open(options);
    }

    @Override
    protected BackendOptions options() {
      return SoftwareDevice.options(LIBRARY);
    }
  }

  /** Memory, and everything that a closed backend must have given back. */
  @Group
  class Memory extends MemoryContract {
    @Override
    protected Backend open(BackendOptions options) {
      return SoftwareDevice.open(options);
    }

    @Override
    protected BackendOptions options() {
      return SoftwareDevice.options(LIBRARY);
    }

    @Override
    protected BackendOptions limited(int mebibytes) {
      return SoftwareDevice.options(LIBRARY, "memory-limit-mib", Integer.toString(mebibytes));
    }
  }
}
