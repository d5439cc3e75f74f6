package org.modalimmune.backend.kernel;

/** The kernel set of one backend, by role. */
public interface Kernels {
  /** Element-wise kernels. */
  ElementwiseKernels elementwise();

  /** Reductions. */
  ReductionKernels reduction();

  /** Matrix products. */
  MatrixKernels matrix();

  /** Row-wise normalisations. */
  NormalizationKernels normalization();

  /** Dense decompositions. */
  DecompositionKernels decomposition();

  /** Random fills. */
  RandomKernels random();

  /** Row access by index. */
  IndexingKernels indexing();

  /** Parameter updates. */
  OptimizerKernels optimizer();

  /** Products with a centred matrix that is not stored. */
  GramKernels gram();
}
