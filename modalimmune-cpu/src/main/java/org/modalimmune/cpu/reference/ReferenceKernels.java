package org.modalimmune.cpu.reference;

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

/**
 * The reference kernel set.
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
public record ReferenceKernels(
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
  /** All kernels by plain loops. */
  public ReferenceKernels() {
    this(
        new ReferenceElementwise(),
        new ReferenceReduction(),
        new ReferenceMatrix(),
        new ReferenceNormalization(),
        new ReferenceDecomposition(),
        new ReferenceRandom(),
        new ReferenceIndexing(),
        new ReferenceOptimizer(),
        new ReferenceGram());
  }
}
