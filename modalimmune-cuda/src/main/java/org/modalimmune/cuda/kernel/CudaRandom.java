package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.backend.kernel.RandomKernels;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Tensor;

/** Random fills: one thread draws one block of the stream and writes its 16 bytes. */
public final class CudaRandom implements RandomKernels {
  private static final int UNIFORM = 0;
  private static final int NORMAL = 1;
  private static final int BLOCK_BYTES = 16;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  /** Kernels on the launcher's stream. */
  public CudaRandom(Launcher launcher) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.kernels = new KernelTable(launcher, "random.cu", List.of("uniform", "normal"));
  }

  @Override
  public void uniform(RandomKey key, Tensor out) {
    draw(UNIFORM, key, out);
  }

  @Override
  public void normal(RandomKey key, Tensor out) {
    draw(NORMAL, key, out);
  }

  private void draw(int law, RandomKey key, Tensor out) {
    long n = out.elements();
    if (n == 0) {
      return;
    }
    int perBlock = BLOCK_BYTES / out.dtype().byteSize();
    LaunchArguments a = launcher.arguments();
    a.address(out).of(n).of(key.seed()).of(key.stream());
    grid.overThreads(kernels.get(law, out.dtype()), (n + perBlock - 1) / perBlock, a);
  }
}
