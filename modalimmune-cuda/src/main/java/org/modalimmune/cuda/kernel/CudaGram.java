package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Products with a centred matrix: one launch goes over it in panels of rows, {@code rowGram} in
 * panels of columns, and a second one adds up the segments, which follow from the shape alone. A
 * panel that is used twice waits in shared memory where two blocks of it fit on a multiprocessor;
 * else it is read again from the cache, with the same numbers.
 */
public final class CudaGram implements GramKernels {
  private static final int MULTIPLY = 0;
  private static final int SEGMENTS = 4;
  private static final int ROW_SEGMENTS = 8;
  private static final int DEFLATE = 12;
  private static final int MOMENTS = 13;
  private static final int COMBINE = 14;

  private static final int PANEL = 16;
  // a few for each block that runs at a time, so that all end together; fewer where their results
  // would not stay in a large card's cache
  private static final long LEAST_SEGMENTS = 256;
  private static final long MOST_SEGMENTS = 1024;
  private static final long PARTIAL_BYTES = 16 << 20;
  private static final int TILE = 32;
  private static final int COMBINED = 8;
  // what the kernels declare themselves, at most
  private static final int STATIC_SHARED_BYTES = 10 * 1024;
  // with what they declare, no more than the 48 KiB that need no consent
  private static final int ALWAYS_GRANTED = 48 * 1024 - STATIC_SHARED_BYTES;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  /** Kernels on the launcher's stream. */
  public CudaGram(Launcher launcher) {
    this.launcher = launcher;
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
                "row_segments_1",
                "row_segments_2",
                "row_segments_4",
                "row_segments_8",
                "deflate",
                "column_moments",
                "combine"));
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
      combine(partial, 4 * width, 2 * width, segments.count(), moments);
    }
  }

  @Override
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    int k = Math.toIntExact(v.shape().dim(0));
    LaunchArguments a = launcher.arguments();
    centred(a, z, columns).address(v).address(out).of(k);
    launchRows(kernels.get(MULTIPLY + size(k), z.dtype()), z, 0, a);
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
    int k = Math.toIntExact(u.shape().dim(0));
    long rows = z.shape().dim(0);
    int pitch = PANEL + 16 / z.dtype().byteSize();
    int shared = shared(rows * pitch, z);
    Segments panels = panels(z.shape().dim(1), k * rows);
    try (DeviceStorage partial = launcher.scratch(panels.count() * k * rows * Double.BYTES)) {
      LaunchArguments a = launcher.arguments();
      centred(a, z, columns).address(u).address(partial, 0).of(k);
      a.of(panels.count()).of(panels.length()).of(shared > 0 ? 1 : 0);
      DeviceKernel kernel = kernels.get(ROW_SEGMENTS + size(k), z.dtype());
      launch(kernel, panels.count(), shared, a);
      combine(partial, k * rows, k * rows, panels.count(), out);
    }
  }

  @Override
  public void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out) {
    int shared = shared(PANEL * z.shape().dim(1), z);
    LaunchArguments a = launcher.arguments();
    centred(a, z, columns).address(v).address(out).of(share).of(factor).address(weight);
    a.of(shared > 0 ? 1 : 0);
    launchRows(kernels.get(DEFLATE, z.dtype()), z, shared, a);
  }

  /** u A, or u A'A if {@code squared}. */
  private void segments(Tensor z, Tensor columns, Tensor u, boolean squared, Tensor out) {
    int k = Math.toIntExact(u.shape().dim(0));
    long width = z.shape().dim(1);
    int shared = squared ? shared(PANEL * width, z) : 0;
    Segments panels = panels(z.shape().dim(0), k * width);
    try (DeviceStorage partial = launcher.scratch(panels.count() * k * width * Double.BYTES)) {
      LaunchArguments a = launcher.arguments();
      centred(a, z, columns);
      if (squared) {
        a.of(0L).address(u);
      } else {
        a.address(u).of(0L);
      }
      a.address(partial, 0).of(k).of(panels.count()).of(panels.length()).of(shared > 0 ? 1 : 0);
      DeviceKernel kernel = kernels.get(SEGMENTS + size(k), z.dtype());
      launch(kernel, panels.count(), shared, a);
      combine(partial, k * width, k * width, panels.count(), out);
    }
  }

  /** Whole panels of n rows or columns, with so many elements of partial results for each. */
  private static Segments panels(long n, long results) {
    long panels = (n + PANEL - 1) / PANEL;
    long most = Math.clamp(PARTIAL_BYTES / (results * Double.BYTES), LEAST_SEGMENTS, MOST_SEGMENTS);
    long length = (panels + most - 1) / most * PANEL;
    return new Segments((n + length - 1) / length, length);
  }

  /** Bytes of shared memory for so many elements; 0 where they would leave room for one block. */
  private int shared(long elements, Tensor z) {
    long bytes = elements * z.dtype().byteSize();
    return 2 * (bytes + STATIC_SHARED_BYTES) <= launcher.sharedMemoryPerBlock() ? (int) bytes : 0;
  }

  /** Combines the columns of partial results: the first {@code sums} of n are added up. */
  private void combine(DeviceStorage partial, long n, long sums, long segments, Tensor out) {
    LaunchArguments a = launcher.arguments();
    a.address(partial, 0).address(out).of(n).of(sums).of(segments);
    launch(kernels.get(COMBINE, DType.FLOAT64), (n + COMBINED - 1) / COMBINED, 0, a);
  }

  private void launchRows(DeviceKernel kernel, Tensor z, int shared, LaunchArguments a) {
    launch(kernel, (z.shape().dim(0) + PANEL - 1) / PANEL, shared, a);
  }

  private void launch(DeviceKernel kernel, long blocks, int shared, LaunchArguments a) {
    if (shared > ALWAYS_GRANTED) {
      kernel.allowDynamicSharedMemory(shared);
    }
    grid.overBlocks(kernel, blocks, Grid.BLOCK, shared, a);
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
