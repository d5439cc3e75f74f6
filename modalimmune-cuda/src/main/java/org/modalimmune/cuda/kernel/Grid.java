package org.modalimmune.cuda.kernel;

import org.modalimmune.cuda.driver.DeviceKernel;

/**
 * How many blocks of how many threads a kernel is started with. Kernels stride over their work, so
 * the numbers never change a result.
 */
final class Grid {
  /** Threads of a full block. */
  static final int BLOCK = 256;

  /** Threads that move together. */
  static final int WARP = 32;

  // elements that a thread takes at once in kernels on dense memory, LANES in view.cuh
  private static final int LANES = 4;

  // enough to fill every processor several times over: short blocks then end together
  private static final int BLOCKS_PER_MULTIPROCESSOR = 32;

  private final Launcher launcher;
  private final long mostBlocks;

  Grid(Launcher launcher) {
    this.launcher = launcher;
    this.mostBlocks = (long) launcher.multiprocessors() * BLOCKS_PER_MULTIPROCESSOR;
  }

  /** Starts a kernel on so many threads or fewer, in blocks that fit the work. */
  void overThreads(DeviceKernel kernel, long threads, LaunchArguments a) {
    int block = Math.clamp((threads + WARP - 1) / WARP * WARP, WARP, BLOCK);
    overBlocks(kernel, (threads + block - 1) / block, block, 0, a);
  }

  /** Starts a kernel whose threads take {@link #LANES} of n elements at a time. */
  void overPacks(DeviceKernel kernel, long n, LaunchArguments a) {
    overThreads(kernel, packs(n), a);
  }

  /** How often four elements are taken at once, if there are n. */
  static long packs(long n) {
    return (n + LANES - 1) / LANES;
  }

  /** Starts a kernel on so many blocks or fewer. */
  void overBlocks(DeviceKernel kernel, long blocks, int block, int shared, LaunchArguments a) {
    launcher.launch(kernel, (int) Math.clamp(blocks, 1, mostBlocks), block, shared, a);
  }
}
