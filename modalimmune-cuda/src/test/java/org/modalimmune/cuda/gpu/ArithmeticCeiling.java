package org.modalimmune.cuda.gpu;

import java.nio.file.Path;
import java.util.Arrays;
import org.modalimmune.cuda.compile.KernelCache;
import org.modalimmune.cuda.compile.KernelCompiler;
import org.modalimmune.cuda.compile.SourceText;
import org.modalimmune.cuda.driver.Device;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.driver.DeviceProbe;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.kernel.Launcher;
import org.modalimmune.cuda.library.LibraryPreference;
import org.modalimmune.cuda.library.LibrarySearch;
import org.modalimmune.cuda.library.LibrarySet;
import org.modalimmune.cuda.library.panama.PanamaCompiler;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;

/**
 * Float32 operations per second that a card reaches on fused multiply-adds alone: eight independent
 * chains in the registers of each thread, nothing read from memory.
 */
final class ArithmeticCeiling {
  private static final int CHAINS = 8;
  private static final int BLOCK = 256;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 8;
  private static final int BATCHES = 9;

  private static final SourceText SOURCE =
      new SourceText(
          "ceiling.cu",
          """
          extern "C" __global__ void chains(float* out, float factor, int rounds) {
            float x[8];
          #pragma unroll
            for (int c = 0; c < 8; c++) {
              x[c] = threadIdx.x + c;
            }
            for (int i = 0; i < rounds; i++) {
          #pragma unroll
              for (int c = 0; c < 8; c++) {
                x[c] = fmaf(x[c], factor, 0.5f);
              }
            }
            float sum = 0;
            for (int c = 0; c < 8; c++) {
              sum += x[c];
            }
            out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
          }
          """);

  private ArithmeticCeiling() {}

  /**
   * Measures it on the first device.
   *
   * @param rounds multiply-adds of each chain
   */
  static double floatOperationsPerSecond(int rounds) {
    int cuda = DeviceProbe.look().driverVersion() / 1000;
    LibrarySet libraries =
        LibrarySet.choose(
            LibraryPreference.AUTO, cuda, LibrarySearch.of(System.getenv(), Path.of("/")));
    try (Device device = new Device(0);
        Stream stream = new Stream(device);
        DeviceAllocator allocator = new DeviceAllocator(stream, 1L << 30);
        Launcher launcher =
            new Launcher(
                stream,
                allocator,
                new KernelCompiler(
                    new PanamaCompiler(libraries.compiler()),
                    device.capability(),
                    KernelCache.none()))) {
      int grid = BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors();
      DeviceKernel kernel = launcher.kernel(SOURCE, "chains");
      double[] seconds = new double[BATCHES];
      try (DeviceStorage out = launcher.scratch((long) grid * BLOCK * Float.BYTES)) {
        for (int i = 0; i < BATCHES; i++) {
          wait(stream);
          long start = System.nanoTime();
          launcher.launch(
              kernel, grid, BLOCK, 0, launcher.arguments().address(out, 0).of(0.5f).of(rounds));
          wait(stream);
          seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
      }
      Arrays.sort(seconds);
      return 2.0 * grid * BLOCK * CHAINS * rounds / seconds[BATCHES / 2];
    }
  }

  private static void wait(Stream stream) {
    synchronized (stream) {
      stream.synchronize();
    }
  }
}
