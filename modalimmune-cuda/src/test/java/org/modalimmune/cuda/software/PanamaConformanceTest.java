package org.modalimmune.cuda.software;

/** All contracts with the libraries of CUDA 13, bound by {@code java.lang.foreign}. */
class PanamaConformanceTest extends CudaConformance {
  PanamaConformanceTest() {
    super("panama");
  }
}
