package org.modalimmune.cpu.vector;

import java.util.function.BiFunction;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.cpu.reference.ReferenceKernels;

/** Makes the kernel set: the reference kernels, those replaced that are faster as vectors. */
public final class VectorKernelFactory implements BiFunction<HostAllocator, WorkerPool, Kernels> {
  /** Has no state. */
  public VectorKernelFactory() {}

  @Override
  public Kernels apply(HostAllocator allocator, WorkerPool workers) {
    ReferenceKernels base = new ReferenceKernels();
    VectorElementwise elementwise = new VectorElementwise(allocator, workers, base.elementwise());
    return new ReferenceKernels(
        elementwise,
        new VectorReduction(allocator, workers, base.reduction()),
        new VectorMatrix(allocator, workers, elementwise, base.matrix()),
        new VectorNormalization(allocator, workers, elementwise, base.normalization()),
        base.decomposition(),
        new VectorRandom(workers),
        new VectorIndexing(base.indexing()),
        new VectorOptimizer(allocator, workers),
        new VectorGram(allocator, workers, base.gram()));
  }
}
