package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Normalisations of rows: a warp for each short row, a block for each long one. */
public final class CudaNormalization implements NormalizationKernels {
  private static final int SOFTMAX = 0;
  private static final int LOG_SOFTMAX = 2;
  private static final int LAYER_NORM = 4;
  private static final int ONE_BLOCK = 1;

  private static final int WARPS = 4;
  private static final long LONGEST_WARP_ROW = 1024;
  // what every device gives a block without being asked for more
  private static final int SHARED_BYTES = 40 * 1024;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  /** Kernels on the launcher's stream. */
  public CudaNormalization(Launcher launcher) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.kernels =
        new KernelTable(
            launcher,
            "normalization.cu",
            List.of(
                "softmax_warps",
                "softmax_blocks",
                "log_softmax_warps",
                "log_softmax_blocks",
                "layer_norm_warps",
                "layer_norm_blocks"));
  }

  @Override
  public void softmax(Tensor x, Tensor out) {
    rows(SOFTMAX, x, out);
  }

  @Override
  public void logSoftmax(Tensor x, Tensor out) {
    rows(LOG_SOFTMAX, x, out);
  }

  @Override
  public void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd) {
    if (x.elements() == 0) {
      return;
    }
    Walk rows = Walk.of(x.select(-1, 0), out.select(-1, 0), reciprocalStd.select(-1, 0));
    if (!rows.fits()) {
      for (long i = 0; i < x.shape().dim(0); i++) {
        layerNorm(x.select(0, i), epsilon, out.select(0, i), reciprocalStd.select(0, i));
      }
      return;
    }
    LaunchArguments a = launcher.arguments();
    a.address(x).address(out).address(reciprocalStd);
    rows.pack(a);
    Staging staging = new Staging(x);
    appendRow(a, x, out, staging);
    a.of(epsilon);
    launch(LAYER_NORM, rows.count(), x, staging, a);
  }

  private void rows(int entry, Tensor x, Tensor out) {
    if (x.elements() == 0) {
      return;
    }
    Walk rows = Walk.of(x.select(-1, 0), out.select(-1, 0));
    if (!rows.fits()) {
      for (long i = 0; i < x.shape().dim(0); i++) {
        rows(entry, x.select(0, i), out.select(0, i));
      }
      return;
    }
    LaunchArguments a = launcher.arguments();
    a.address(x).address(out);
    rows.pack(a);
    Staging staging = new Staging(x);
    appendRow(a, x, out, staging);
    launch(entry, rows.count(), x, staging, a);
  }

  private static void appendRow(LaunchArguments a, Tensor x, Tensor out, Staging staging) {
    a.of(x.shape().dim(-1)).of(x.stride(-1)).of(out.stride(-1)).of(staging.bytes > 0 ? 1 : 0);
  }

  private void launch(int entry, long rows, Tensor x, Staging staging, LaunchArguments a) {
    DType type = x.dtype();
    if (staging.byWarps) {
      long blocks = (rows + WARPS - 1) / WARPS;
      grid.overBlocks(kernels.get(entry, type), blocks, WARPS * Grid.WARP, staging.bytes, a);
    } else {
      grid.overBlocks(kernels.get(entry + ONE_BLOCK, type), rows, Grid.BLOCK, staging.bytes, a);
    }
  }

  /** Who takes a row, and how much shared memory keeps it meanwhile. */
  private static final class Staging {
    private final boolean byWarps;
    private final int bytes;

    Staging(Tensor x) {
      long n = x.shape().dim(-1);
      byWarps = n <= LONGEST_WARP_ROW;
      long needed = n * x.dtype().byteSize() * (byWarps ? WARPS : 1);
      bytes = needed <= SHARED_BYTES ? (int) needed : 0;
    }
  }
}
