package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Products with a centred matrix: one launch goes over it in panels of rows, a second one adds up
 * the segments. Segments follow from the number of rows alone. {@code rowGram} is two products: its
 * second reading finds in the cache what fits there.
 */
public final class CudaGram implements GramKernels {
  private static final int MULTIPLY = 0;
  private static final int SEGMENTS = 4;
  private static final int DEFLATE = 8;
  private static final int MOMENTS = 9;
  private static final int SUM = 0;
  private static final int MIN = 1;
  private static final int MAX = 2;

  private static final int PANEL = 16;
  private static final long MOST_SEGMENTS = 512;
  private static final int ROWS_PER_BLOCK = 16;
  private static final int TILE = 32;

  private final Launcher launcher;
  private final DeviceAllocator allocator;
  private final Grid grid;
  private final KernelTable kernels;
  private final KernelTable combine;

  /**
   * @param launcher compiles and starts kernels
   * @param allocator memory for intermediate results
   */
  public CudaGram(Launcher launcher, DeviceAllocator allocator) {
    this.launcher = launcher;
    this.allocator = allocator;
    this.grid = new Grid(launcher);
    this.kernels =
        new KernelTable(
            launcher,
            "gram.cu",
            List.of(
                "multiply_1",
                "multiply_2",
                "multiply_4",
                "multiply_8",
                "segments_1",
                "segments_2",
                "segments_4",
                "segments_8",
                "deflate",
                "column_moments"));
    this.combine =
        new KernelTable(
            launcher, "reduction.cu", List.of("SUM_columns", "MIN_columns", "MAX_columns"));
  }

  @Override
  public void columnMoments(Tensor z, Tensor pivot, Tensor moments) {
    long rows = z.shape().dim(0);
    long width = z.shape().dim(1);
    long tiles = (width + TILE - 1) / TILE;
    Segments segments = Segments.ofColumns(rows, tiles);
    try (DeviceStorage partial = launcher.scratch(segments.count() * 4 * width * Double.BYTES)) {
      LaunchArguments a = launcher.arguments();
      a.address(z).address(pivot).address(partial, 0).of(rows).of(width);
      a.of(z.stride(0)).of(z.stride(1)).of(pivot.stride(0));
      a.of(segments.count()).of(segments.length());
      DeviceKernel kernel = kernels.get(MOMENTS, z.dtype());
      grid.overBlocks(kernel, tiles * segments.count(), Grid.BLOCK, 0, a);
      long row = 4 * width;
      combine(SUM, partial, 0, 2 * width, row, segments.count(), moments);
      combine(MIN, partial, 2 * width, width, row, segments.count(), moments);
      combine(MAX, partial, 3 * width, width, row, segments.count(), moments);
    }
  }

  @Override
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    int k = Math.toIntExact(v.shape().dim(0));
    LaunchArguments a = launcher.arguments();
    centred(a, z, columns).address(v).address(out).of(k);
    launchRows(kernels.get(MULTIPLY + size(k), z.dtype()), z, a);
  }

  @Override
  public void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out) {
    segments(z, columns, u, false, out);
  }

  @Override
  public void gram(Tensor z, Tensor columns, Tensor v, Tensor out) {
    segments(z, columns, v, true, out);
  }

  @Override
  public void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out) {
    try (Scope scope = new Scope(allocator)) {
      Tensor product = scope.allocate(DType.FLOAT64, Shape.of(u.shape().dim(0), z.shape().dim(1)));
      multiplyTransposed(z, columns, u, product);
      multiply(z, columns, product, out);
    }
  }

  @Override
  public void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out) {
    LaunchArguments a = launcher.arguments();
    centred(a, z, columns).address(v).address(out).of(share).of(factor).address(weight);
    launchRows(kernels.get(DEFLATE, z.dtype()), z, a);
  }

  /** u A, or u A'A if {@code squared}. */
  private void segments(Tensor z, Tensor columns, Tensor u, boolean squared, Tensor out) {
    int k = Math.toIntExact(u.shape().dim(0));
    long width = z.shape().dim(1);
    long rows = z.shape().dim(0);
    long panels = (rows + PANEL - 1) / PANEL;
    long length = (panels + MOST_SEGMENTS - 1) / MOST_SEGMENTS * PANEL;
    long count = (rows + length - 1) / length;
    try (DeviceStorage partial = launcher.scratch(count * k * width * Double.BYTES)) {
      LaunchArguments a = launcher.arguments();
      centred(a, z, columns);
      if (squared) {
        a.of(0L).address(u);
      } else {
        a.address(u).of(0L);
      }
      a.address(partial, 0).of(k).of(count).of(length);
      DeviceKernel kernel = kernels.get(SEGMENTS + size(k), z.dtype());
      grid.overBlocks(kernel, count, Grid.BLOCK, 0, a);
      combine(SUM, partial, 0, k * width, k * width, count, out);
    }
  }

  /** Combines so many columns from {@code first} on of partial results, row by row, to out. */
  private void combine(
      int op, DeviceStorage partial, long first, long width, long row, long rows, Tensor out) {
    LaunchArguments a = launcher.arguments();
    a.address(partial, first * Double.BYTES);
    a.address(DeviceStorage.of(out), (out.offset() + first) * Double.BYTES).of(0L);
    new Walk(new long[] {width}, new long[] {1}, new long[] {1}).pack(a);
    new Walk(new long[] {rows}, new long[] {row}).pack(a);
    a.of(1L).of(rows);
    long tiles = (width + TILE - 1) / TILE;
    grid.overBlocks(combine.get(op, DType.FLOAT64), tiles, Grid.BLOCK, 0, a);
  }

  private void launchRows(DeviceKernel kernel, Tensor z, LaunchArguments a) {
    long blocks = (z.shape().dim(0) + ROWS_PER_BLOCK - 1) / ROWS_PER_BLOCK;
    grid.overBlocks(kernel, blocks, Grid.BLOCK, 0, a);
  }

  /** The structure {@code Centred}. */
  private static LaunchArguments centred(LaunchArguments a, Tensor z, Tensor columns) {
    a.address(z).address(columns).of(z.shape().dim(0)).of(z.shape().dim(1));
    return a.of(z.stride(0)).of(z.stride(1));
  }

  /** Number of the kernel for k vectors: 1, 2, up to 4, up to 8. */
  private static int size(int k) {
    return Walk.shift(k);
  }
}
