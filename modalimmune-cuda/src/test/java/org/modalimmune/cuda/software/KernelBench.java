package org.modalimmune.cuda.software;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.modalimmune.cuda.compile.KernelCache;
import org.modalimmune.cuda.compile.KernelCompiler;
import org.modalimmune.cuda.compile.SourceText;
import org.modalimmune.cuda.driver.Device;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.kernel.LaunchArguments;
import org.modalimmune.cuda.kernel.Launcher;
import org.modalimmune.cuda.library.LibrarySearch;
import org.modalimmune.cuda.library.panama.PanamaCompiler;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;

/** Runs kernels of a test's own, sound and faulty ones, on the software device. */
final class KernelBench implements AutoCloseable {
  private static final long LIMIT = 64L << 20;

  private final Device device = new Device(0);
  private final Stream stream = new Stream(device);
  private final DeviceAllocator allocator = new DeviceAllocator(stream, LIMIT);
  private final Launcher launcher;

  KernelBench() {
    PanamaCompiler compiler =
        new PanamaCompiler(new LibrarySearch(List.of()).find("libnvrtc.so.13").orElseThrow());
    launcher =
        new Launcher(
            stream,
            allocator,
            new KernelCompiler(compiler, device.capability(), KernelCache.none()));
  }

  DeviceStorage zeros(int floats) {
    DeviceStorage storage = allocator.allocate((long) floats * Float.BYTES);
    storage.write(0, MemorySegment.ofArray(new float[floats]));
    return storage;
  }

  float[] read(DeviceStorage storage, int floats) {
    float[] values = new float[floats];
    storage.read(0, MemorySegment.ofArray(values));
    return values;
  }

  /** Launches {@code kernel(float* x, int n)}, and waits for it. */
  void run(String source, int grid, int block, int sharedBytes, DeviceStorage x, int n) {
    launch(source, grid, block, sharedBytes, x, n);
    synchronized (stream) {
      stream.synchronize();
    }
  }

  void launch(String source, int grid, int block, int sharedBytes, DeviceStorage x, int n) {
    LaunchArguments arguments = launcher.arguments().address(x, 0).of(n);
    launcher.launch(
        launcher.kernel(new SourceText("kernel.cu", source), "kernel"),
        grid,
        block,
        sharedBytes,
        arguments);
  }

  /** Gives everything back in the reverse order, whatever fails on the way. */
  @Override
  public void close() {
    try (device;
        stream;
        allocator;
        launcher) {
      synchronized (stream) {
        stream.synchronize();
      }
    }
  }
}
