package org.modalimmune.conformance;

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

/** The kernels of a backend, each call checked. */
record AssertingKernels(Kernels inner, AssertingAllocator allocator) implements Kernels {
  @Override
  public ElementwiseKernels elementwise() {
    return new AssertingElementwise(inner.elementwise(), allocator);
  }

  @Override
  public ReductionKernels reduction() {
    return new AssertingReduction(inner.reduction(), allocator);
  }

  @Override
  public MatrixKernels matrix() {
    return new AssertingMatrix(inner.matrix(), allocator);
  }

  @Override
  public NormalizationKernels normalization() {
    return new AssertingNormalization(inner.normalization(), allocator);
  }

  @Override
  public DecompositionKernels decomposition() {
    return new AssertingDecomposition(inner.decomposition(), allocator);
  }

  @Override
  public RandomKernels random() {
    return new AssertingRandom(inner.random(), allocator);
  }

  @Override
  public IndexingKernels indexing() {
    return new AssertingIndexing(inner.indexing(), allocator);
  }

  @Override
  public OptimizerKernels optimizer() {
    return new AssertingOptimizer(inner.optimizer(), allocator);
  }

  @Override
  public GramKernels gram() {
    return new AssertingGram(inner.gram(), allocator);
  }
}
