package org.modalimmune.cuda.kernel;

import org.modalimmune.backend.kernel.DecompositionKernels;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.backend.kernel.IndexingKernels;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.backend.kernel.OptimizerKernels;
import org.modalimmune.backend.kernel.RandomKernels;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.SolverLibrary;
import org.modalimmune.cuda.memory.DeviceAllocator;

/**
 * The kernel set of a CUDA device.
 *
 * @param elementwise element-wise kernels
 * @param reduction reductions
 * @param matrix matrix products
 * @param normalization row-wise normalisations
 * @param decomposition dense decompositions
 * @param random random fills
 * @param indexing row access
 * @param optimizer parameter updates
 * @param gram products with a centred matrix
 */
public record CudaKernels(
    ElementwiseKernels elementwise,
    ReductionKernels reduction,
    MatrixKernels matrix,
    NormalizationKernels normalization,
    DecompositionKernels decomposition,
    RandomKernels random,
    IndexingKernels indexing,
    OptimizerKernels optimizer,
    GramKernels gram)
    implements Kernels {
  /**
   * The kernels on one stream.
   *
   * @param launcher starts kernels
   * @param allocator the stream's memory
   * @param blas cuBLAS on the same stream
   * @param solver cuSOLVER on the same stream
   * @param fusion whether chains of element-wise operations become one kernel
   */
  public static CudaKernels of(
      Launcher launcher,
      DeviceAllocator allocator,
      BlasLibrary blas,
      SolverLibrary solver,
      boolean fusion) {
    CudaElementwise elementwise = new CudaElementwise(launcher, fusion);
    CudaReduction reduction = new CudaReduction(launcher, allocator, elementwise);
    return new CudaKernels(
        elementwise,
        reduction,
        new CudaMatrix(launcher, allocator, elementwise, blas),
        new CudaNormalization(launcher, allocator, elementwise, reduction),
        new CudaDecomposition(launcher, allocator, elementwise, blas, solver),
        new CudaRandom(launcher),
        new CudaIndexing(launcher),
        new CudaOptimizer(launcher),
        new CudaGram(launcher));
  }
}
