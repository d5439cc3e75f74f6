package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Copies that change the element type or turn rows into columns. */
final class CopyKernels {
  private static final int TO_FLOAT = 0;
  private static final int TO_DOUBLE = 2;
  private static final int TRANSPOSED = 4;
  private static final int TILE = 32;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  CopyKernels(Launcher launcher) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.kernels =
        new KernelTable(
            launcher,
            "copy.cu",
            List.of(
                "to_float_dense",
                "to_float_strided",
                "to_double_dense",
                "to_double_strided",
                "copy_transposed"));
  }

  /** Copies to another element type. */
  void convert(Tensor x, Tensor out) {
    long n = out.elements();
    if (n == 0) {
      return;
    }
    int entry = out.dtype() == DType.FLOAT32 ? TO_FLOAT : TO_DOUBLE;
    if (x.isContiguous() && out.isContiguous()) {
      LaunchArguments a = launcher.arguments();
      a.address(x).address(out).of(n);
      grid.overPacks(kernels.get(entry, x.dtype()), n, a);
      return;
    }
    Walk walk = Walk.of(x, out);
    if (!walk.fits()) {
      for (long i = 0; i < out.shape().dim(0); i++) {
        convert(x.select(0, i), out.select(0, i));
      }
      return;
    }
    LaunchArguments a = launcher.arguments();
    a.address(x).address(out);
    walk.pack(a);
    grid.overThreads(kernels.get(entry + 1, x.dtype()), n, a);
  }

  /**
   * Copies by tiles if the dense axis of one side is another than that of the other side, and both
   * are long; else does nothing.
   *
   * @return whether it has copied
   */
  boolean transpose(Tensor x, Tensor out) {
    if (x.isContiguous() || out.elements() == 0) {
      return false;
    }
    Walk walk = Walk.of(x, out);
    int last = walk.rank() - 1;
    int across = -1;
    for (int axis = 0; axis < last; axis++) {
      across = walk.stride(0, axis) == 1 && walk.dim(axis) >= TILE ? axis : across;
    }
    if (across < 0
        || !walk.fits()
        || walk.stride(1, last) != 1
        || walk.stride(0, last) == 0
        || walk.dim(last) < TILE) {
      return false;
    }
    Walk batch = without(walk, across, last);
    long rows = walk.dim(across);
    long columns = walk.dim(last);
    LaunchArguments a = launcher.arguments();
    a.address(x).address(out);
    batch.pack(a);
    a.of(rows).of(columns).of(walk.stride(0, last)).of(walk.stride(1, across));
    long tiles = batch.count() * ((rows + TILE - 1) / TILE) * ((columns + TILE - 1) / TILE);
    grid.overBlocks(kernels.get(TRANSPOSED, x.dtype()), tiles, Grid.BLOCK, 0, a);
    return true;
  }

  private static Walk without(Walk walk, int first, int second) {
    int rank = walk.rank() - 2;
    long[] dims = new long[rank];
    long[] from = new long[rank];
    long[] to = new long[rank];
    int at = 0;
    for (int axis = 0; axis < walk.rank(); axis++) {
      if (axis != first && axis != second) {
        dims[at] = walk.dim(axis);
        from[at] = walk.stride(0, axis);
        to[at++] = walk.stride(1, axis);
      }
    }
    return new Walk(dims, from, to);
  }
}
