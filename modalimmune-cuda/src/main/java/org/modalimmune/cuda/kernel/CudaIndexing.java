package org.modalimmune.cuda.kernel;

import java.util.Arrays;
import java.util.List;
import org.modalimmune.backend.kernel.IndexingKernels;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Row access by index; scattered rows are sorted by their target first, so that sums keep order.
 */
public final class CudaIndexing implements IndexingKernels {
  private static final int GATHER = 0;
  private static final int SCATTER_ADD = 1;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  /** Kernels on the launcher's stream. */
  public CudaIndexing(Launcher launcher) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.kernels = new KernelTable(launcher, "indexing.cu", List.of("gather", "scatter_add"));
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    Walk inner = Walk.of(x.select(0, 0), out.select(0, 0));
    if (!inner.fits()) {
      for (long i = 0; i < x.shape().dim(1); i++) {
        gatherRows(x.select(1, i), rows, out.select(1, i));
      }
      return;
    }
    try (DeviceStorage indices = launcher.upload(rows)) {
      LaunchArguments a = launcher.arguments();
      a.address(x).address(out).address(indices, 0);
      boolean dense = inner.rank() == 1 && inner.stride(0, 0) == 1 && inner.stride(1, 0) == 1;
      launch(GATHER, a, x, out, inner, dense ? Grid.packs(inner.count()) : inner.count());
    }
  }

  @Override
  public void scatterAddRows(Tensor x, int[] rows, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    // x may have no rows, and then has the outputs' width all the same
    Tensor first = x.shape().dim(0) == 0 ? out.select(0, 0) : x.select(0, 0);
    Walk inner = Walk.of(first, out.select(0, 0));
    if (!inner.fits()) {
      for (long i = 0; i < x.shape().dim(1); i++) {
        scatterAddRows(x.select(1, i), rows, out.select(1, i));
      }
      return;
    }
    int count = Math.toIntExact(out.shape().dim(0));
    int[] sorted = sortedByTarget(rows, count);
    try (DeviceStorage indices = launcher.upload(sorted)) {
      LaunchArguments a = launcher.arguments();
      a.address(x).address(out).address(indices, 0);
      a.address(indices, (count + 1L) * Integer.BYTES);
      launch(SCATTER_ADD, a, x, out, inner, inner.count());
    }
  }

  private void launch(
      int entry, LaunchArguments a, Tensor x, Tensor out, Walk inner, long accesses) {
    DType type = out.dtype();
    long count = out.shape().dim(0);
    int lanes = lanes(accesses);
    a.of(count).of(x.stride(0)).of(out.stride(0));
    inner.pack(a);
    a.of(lanes);
    DeviceKernel kernel = kernels.get(entry, type);
    grid.overBlocks(kernel, (count * lanes + Grid.BLOCK - 1) / Grid.BLOCK, Grid.BLOCK, 0, a);
  }

  /** Where each target's rows start, one position more than targets; then the rows themselves. */
  private static int[] sortedByTarget(int[] rows, int targets) {
    int[] sorted = new int[targets + 1 + rows.length];
    for (int target : rows) {
      sorted[target + 1]++;
    }
    for (int r = 0; r < targets; r++) {
      sorted[r + 1] += sorted[r];
    }
    int[] next = Arrays.copyOf(sorted, targets);
    for (int i = 0; i < rows.length; i++) {
      sorted[targets + 1 + next[rows[i]]++] = i;
    }
    return sorted;
  }

  /** The smallest power of two that covers the accesses of a row, at most a block. */
  private static int lanes(long accesses) {
    return 1 << Math.min(Walk.shift(accesses), Walk.shift(Grid.BLOCK));
  }
}
