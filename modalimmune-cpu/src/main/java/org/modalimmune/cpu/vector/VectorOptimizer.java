package org.modalimmune.cpu.vector;

import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.OptimizerKernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Parameter updates, each element read and written once. */
final class VectorOptimizer implements OptimizerKernels {
  private static final int COST = 8;

  private final ElementBlocks floats = new FloatBlocks();
  private final ElementBlocks doubles = new DoubleBlocks();
  private final BlockLoop loop;

  VectorOptimizer(HostAllocator allocator, WorkerPool workers) {
    this.loop = new BlockLoop(allocator, workers);
  }

  @Override
  public void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v) {
    if (parameter.dtype() == DType.FLOAT32) {
      FloatAdamW update = new FloatAdamW(settings);
      loop.run(
          floats,
          COST,
          (s, at, n, wide) ->
              update.run(s[0], at[0] * 4, s[1], at[1] * 4, s[2], at[2] * 4, s[3], at[3] * 4, n),
          gradient,
          parameter,
          m,
          v);
    } else {
      DoubleAdamW update = new DoubleAdamW(settings);
      loop.run(
          doubles,
          COST,
          (s, at, n, wide) ->
              update.run(s[0], at[0] * 8, s[1], at[1] * 8, s[2], at[2] * 8, s[3], at[3] * 8, n),
          gradient,
          parameter,
          m,
          v);
    }
  }

  @Override
  public void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity) {
    MomentumStep settings = new MomentumStep(learningRate, momentum, weightDecay, nesterov);
    boolean narrow = parameter.dtype() == DType.FLOAT32;
    loop.run(
        narrow ? floats : doubles,
        COST,
        (s, at, n, wide) -> {
          if (narrow) {
            FloatUpdates.momentum(settings, s[0], at[0] * 4, s[1], at[1] * 4, s[2], at[2] * 4, n);
          } else {
            DoubleUpdates.momentum(settings, s[0], at[0] * 8, s[1], at[1] * 8, s[2], at[2] * 8, n);
          }
        },
        gradient,
        parameter,
        velocity);
  }
}
