package org.modalimmune.cuda.kernel;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Reductions in float64 along trees that the operands' layout alone determines. Whether threads lie
 * along what is reduced or along what is kept follows from which of them is denser in memory.
 */
public final class CudaReduction implements ReductionKernels {
  private static final int WARPS = 0;
  private static final int BLOCKS = 1;
  private static final int COLUMNS = 2;
  private static final int COMBINE = 3;
  private static final int KINDS = 4;
  private static final int DOT_DENSE = KINDS * ReduceOp.values().length;
  private static final int DOT_STRIDED = DOT_DENSE + 1;

  private static final int COLUMN_TILE = 32;

  private final Launcher launcher;
  private final DeviceAllocator allocator;
  private final ElementwiseKernels elementwise;
  private final Grid grid;
  private final KernelTable kernels;

  /**
   * @param launcher compiles and starts kernels
   * @param allocator memory for intermediate results
   * @param elementwise fills and copies
   */
  public CudaReduction(
      Launcher launcher, DeviceAllocator allocator, ElementwiseKernels elementwise) {
    this.launcher = launcher;
    this.allocator = allocator;
    this.elementwise = elementwise;
    this.grid = new Grid(launcher);
    List<String> entries = new ArrayList<>();
    for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MAX, ReduceOp.MIN)) {
      for (String kind : List.of("_warps", "_blocks", "_columns", "_combine")) {
        entries.add(op + kind);
      }
    }
    entries.add("dot_dense");
    entries.add("dot_strided");
    this.kernels = new KernelTable(launcher, "reduction.cu", entries);
  }

  @Override
  public void reduce(ReduceOp op, Tensor x, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    ReductionAxes axes = new ReductionAxes(x, out);
    if (axes.reduced().count() == 0) {
      elementwise.fill(0, out);
    } else if (!axes.reduced().fits()) {
      reduceCopy(op, x, out);
    } else if (!axes.kept().fits()) {
      int axis = axes.firstKept();
      for (long i = 0; i < x.shape().dim(axis); i++) {
        reduce(op, x.select(axis, i), out.select(axis, i));
      }
    } else if (axes.alongKept()) {
      columns(op, x, out, axes);
    } else {
      rows(op, x, out, axes);
    }
  }

  @Override
  public void dot(Tensor a, Tensor b, Tensor out) {
    if (a.elements() == 0) {
      elementwise.fill(0, out);
      return;
    }
    Walk walk = Walk.of(a, b);
    if (!walk.fits()) {
      try (Scope scope = new Scope(allocator)) {
        dot(dense(scope, a), dense(scope, b), out);
      }
      return;
    }
    DType type = a.dtype();
    boolean dense = a.isContiguous() && b.isContiguous();
    Segments segments = Segments.ofRows(walk.count(), 1);
    try (DeviceStorage partial = launcher.scratch(segments.count() * Double.BYTES)) {
      LaunchArguments arguments = launcher.arguments();
      arguments.address(a).address(b).address(out).address(partial, 0);
      if (dense) {
        arguments.of(walk.count());
      } else {
        walk.pack(arguments);
      }
      arguments.of(segments.count()).of(segments.length());
      grid.overBlocks(
          kernels.get(dense ? DOT_DENSE : DOT_STRIDED, type),
          segments.count(),
          Grid.BLOCK,
          0,
          arguments);
      if (segments.count() > 1) {
        combine(
            ReduceOp.SUM, partial, out, new Walk(new long[0], new long[0], new long[0]), segments);
      }
    }
  }

  private void rows(ReduceOp op, Tensor x, Tensor out, ReductionAxes axes) {
    Segments segments = Segments.ofRows(axes.reduced().count(), axes.kept().count());
    if (segments.byWarps()) {
      LaunchArguments a = launcher.arguments();
      a.address(x).address(out);
      axes.kept().pack(a);
      axes.reduced().pack(a);
      grid.overThreads(kernel(op, WARPS, x.dtype()), axes.kept().count() * Grid.WARP, a);
      return;
    }
    inSegments(op, BLOCKS, x, out, axes, segments, axes.kept().count() * segments.count());
  }

  private void columns(ReduceOp op, Tensor x, Tensor out, ReductionAxes axes) {
    long tiles = (axes.kept().count() + COLUMN_TILE - 1) / COLUMN_TILE;
    Segments segments = Segments.ofColumns(axes.reduced().count(), tiles);
    inSegments(op, COLUMNS, x, out, axes, segments, tiles * segments.count());
  }

  private void inSegments(
      ReduceOp op,
      int kind,
      Tensor x,
      Tensor out,
      ReductionAxes axes,
      Segments segments,
      long blocks) {
    long partials = segments.count() > 1 ? axes.kept().count() * segments.count() : 0;
    try (DeviceStorage partial = launcher.scratch(partials * Double.BYTES)) {
      LaunchArguments a = launcher.arguments();
      a.address(x).address(out).address(partial, 0);
      axes.kept().pack(a);
      axes.reduced().pack(a);
      a.of(segments.count()).of(segments.length());
      grid.overBlocks(kernel(op, kind, x.dtype()), blocks, Grid.BLOCK, 0, a);
      if (segments.count() > 1) {
        combine(op, partial, out, axes.kept(), segments);
      }
    }
  }

  private void combine(
      ReduceOp op, DeviceStorage partial, Tensor out, Walk kept, Segments segments) {
    LaunchArguments a = launcher.arguments();
    a.address(partial, 0).address(out);
    kept.pack(a);
    a.of(segments.count());
    grid.overThreads(kernel(op, COMBINE, out.dtype()), kept.count() * Grid.WARP, a);
  }

  /** Brings the reduced axes together at the end of a dense copy, where they merge to one. */
  private void reduceCopy(ReduceOp op, Tensor x, Tensor out) {
    Tensor from = x;
    Tensor to = out;
    int kept = 0;
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      if (from.shape().dim(axis) == to.shape().dim(axis)) {
        from = from.transpose(kept, axis);
        to = to.transpose(kept, axis);
        kept++;
      }
    }
    try (Scope scope = new Scope(allocator)) {
      reduce(op, dense(scope, from), to);
    }
  }

  private Tensor dense(Scope scope, Tensor x) {
    Tensor copy = scope.allocate(x.dtype(), x.shape());
    elementwise.copy(x, copy);
    return copy;
  }

  private DeviceKernel kernel(ReduceOp op, int kind, DType type) {
    int first =
        switch (op) {
          case SUM -> 0;
          case MAX -> KINDS;
          case MIN -> 2 * KINDS;
        };
    return kernels.get(first + kind, type);
  }
}
