package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Normalisations of rows: a warp for each short row, a block for each long one. */
public final class CudaNormalization implements NormalizationKernels {
  private static final int SOFTMAX = 0;
  private static final int LOG_SOFTMAX = 2;
  private static final int LAYER_NORM = 4;
  private static final int LAYER_NORM_PULLBACK = 6;
  private static final int SOFTMAX_PULLBACK = 8;
  private static final int LOG_SOFTMAX_PULLBACK = 10;
  private static final int ONE_BLOCK = 1;

  private static final int WARPS = 4;
  private static final long LONGEST_WARP_ROW = 1024;
  // what every device gives a block without being asked for more
  private static final int SHARED_BYTES = 40 * 1024;

  private final Launcher launcher;
  private final DeviceAllocator allocator;
  private final ElementwiseKernels elementwise;
  private final ReductionKernels reduction;
  private final Grid grid;
  private final KernelTable kernels;

  /**
   * Kernels on the launcher's stream.
   *
   * @param allocator temporary memory
   * @param elementwise gains and biases
   * @param reduction sums of columns
   */
  public CudaNormalization(
      Launcher launcher,
      DeviceAllocator allocator,
      ElementwiseKernels elementwise,
      ReductionKernels reduction) {
    this.launcher = launcher;
    this.allocator = allocator;
    this.elementwise = elementwise;
    this.reduction = reduction;
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
                "layer_norm_blocks",
                "layer_norm_pullback_warps",
                "layer_norm_pullback_blocks",
                "softmax_pullback_warps",
                "softmax_pullback_blocks",
                "log_softmax_pullback_warps",
                "log_softmax_pullback_blocks"));
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
  public void softmaxPullback(Tensor softmax, Tensor cotangent, Tensor out) {
    pullBack(SOFTMAX_PULLBACK, softmax, cotangent, out);
  }

  @Override
  public void logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent, Tensor out) {
    pullBack(LOG_SOFTMAX_PULLBACK, cotangent, logSoftmax, out);
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

  @Override
  public void scaledLayerNorm(
      Tensor x,
      Tensor gain,
      Tensor bias,
      double epsilon,
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor out) {
    layerNorm(x, epsilon, normalized, reciprocalStd);
    elementwise.binary(BinaryOp.MULTIPLY, normalized, gain.expand(x.shape()), out);
    elementwise.binary(BinaryOp.ADD, out, bias.expand(x.shape()), out);
  }

  @Override
  public void layerNormPullback(
      Tensor normalized, Tensor reciprocalStd, Tensor cotangent, Tensor out) {
    pullBack(normalized, reciprocalStd, null, cotangent, out);
  }

  @Override
  public void scaledLayerNormPullback(
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor gain,
      Tensor cotangent,
      Tensor out,
      Tensor gainOut,
      Tensor biasOut) {
    pullBack(normalized, reciprocalStd, gain, cotangent, out);
    Shape row = kept(normalized.shape());
    reduction.reduce(ReduceOp.SUM, cotangent, biasOut.expand(row));
    try (Scope scope = new Scope(allocator)) {
      Tensor products = scope.allocate(cotangent.dtype(), cotangent.shape());
      elementwise.binary(BinaryOp.MULTIPLY, cotangent, normalized, products);
      reduction.reduce(ReduceOp.SUM, products, gainOut.expand(row));
    }
  }

  /** The shape of sums over all axes but the last. */
  private static Shape kept(Shape shape) {
    Shape row = shape;
    for (int axis = 0; axis < shape.rank() - 1; axis++) {
      row = row.with(axis, 1);
    }
    return row;
  }

  private void pullBack(
      Tensor normalized, Tensor scale, @Nullable Tensor gain, Tensor g, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    Walk rows =
        Walk.of(normalized.select(-1, 0), scale.select(-1, 0), g.select(-1, 0), out.select(-1, 0));
    if (!rows.fits()) {
      for (long i = 0; i < out.shape().dim(0); i++) {
        pullBack(
            normalized.select(0, i), scale.select(0, i), gain, g.select(0, i), out.select(0, i));
      }
      return;
    }
    LaunchArguments a = launcher.arguments();
    a.address(normalized).address(scale).address(g).address(out);
    if (gain == null) {
      a.of(0L);
    } else {
      a.address(gain);
    }
    rows.pack(a);
    Staging staging = new Staging(normalized);
    a.of(out.shape().dim(-1)).of(normalized.stride(-1)).of(g.stride(-1)).of(out.stride(-1));
    a.of(gain == null ? 0L : gain.stride(0)).of(staging.bytes > 0 ? 1 : 0);
    launch(LAYER_NORM_PULLBACK, rows.count(), normalized, staging, a);
  }

  /** A pullback whose first operand is read twice, and waits in shared memory meanwhile. */
  private void pullBack(int entry, Tensor first, Tensor second, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    Walk rows = Walk.of(first.select(-1, 0), second.select(-1, 0), out.select(-1, 0));
    if (!rows.fits()) {
      for (long i = 0; i < out.shape().dim(0); i++) {
        pullBack(entry, first.select(0, i), second.select(0, i), out.select(0, i));
      }
      return;
    }
    LaunchArguments a = launcher.arguments();
    a.address(first).address(second).address(out);
    rows.pack(a);
    Staging staging = new Staging(first);
    a.of(out.shape().dim(-1)).of(first.stride(-1)).of(second.stride(-1)).of(out.stride(-1));
    a.of(staging.bytes > 0 ? 1 : 0);
    launch(entry, rows.count(), first, staging, a);
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
