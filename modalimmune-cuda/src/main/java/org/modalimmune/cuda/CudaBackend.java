package org.modalimmune.cuda;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.cuda.compile.KernelCache;
import org.modalimmune.cuda.compile.KernelCompiler;
import org.modalimmune.cuda.driver.Device;
import org.modalimmune.cuda.driver.Graph;
import org.modalimmune.cuda.driver.PinnedMemory;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.kernel.CudaKernels;
import org.modalimmune.cuda.kernel.Launcher;
import org.modalimmune.cuda.library.LibrarySet;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.MemoryStatistics;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.OutOfDeviceMemoryException;

/**
 * An opened CUDA device: one stream, on which everything happens in the order it was asked for.
 * Calls return before the device is done; reading values waits for them.
 */
public final class CudaBackend implements Backend {
  private static final long MEBIBYTE = 1L << 20;

  // What cuBLAS asks for by default; without it, it would allocate by itself.
  private static final int HOPPER = 90;
  private static final long WORKSPACE_HOPPER = 32 * MEBIBYTE;
  private static final long WORKSPACE = 8 * MEBIBYTE;

  private final String description;
  private final Stream stream;
  private final DeviceAllocator allocator;
  private final Kernels kernels;
  private final ResourceStack resources;

  // guarded by the stream
  private final Set<CapturedStep> captured = new HashSet<>();

  private CudaBackend(
      String description,
      Stream stream,
      DeviceAllocator allocator,
      Kernels kernels,
      ResourceStack resources) {
    this.description = description;
    this.stream = stream;
    this.allocator = allocator;
    this.kernels = kernels;
    this.resources = resources;
  }

  static CudaBackend open(int ordinal, LibrarySet libraries, CudaSettings settings) {
    ResourceStack resources = new ResourceStack();
    try {
      return open(ordinal, libraries, settings, resources);
    } catch (RuntimeException e) {
      try {
        resources.close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String device() {
    return description;
  }

  @Override
  public Allocator allocator() {
    return allocator;
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  /** Memory in use, and kept for reuse. */
  public DeviceMemoryUse memory() {
    MemoryStatistics now = allocator.statistics();
    return new DeviceMemoryUse(now.bytesInUse(), now.storagesInUse(), now.bytesReserved());
  }

  /** Waits until the device has done all that was asked for. */
  public void synchronize() {
    synchronized (stream) {
      stream.synchronize();
    }
  }

  /**
   * Writes the device work of a step down without doing it, to be repeated by {@link
   * CapturedStep#replay}. The step must not read values back to the host; values that it writes are
   * written again by every repetition. Other threads wait meanwhile. Run the step once before, so
   * that its kernels are compiled.
   *
   * @param step what to capture; runs once, on this thread
   * @throws IllegalStateException if the step reads values, or a capture is running already
   */
  public CapturedStep capture(Runnable step) {
    synchronized (stream) {
      allocator.beginReservation();
      allocator.transfer().beginCapture();
      Graph graph;
      try {
        graph = record(step);
      } catch (RuntimeException | Error e) {
        allocator.transfer().endCapture().forEach(PinnedMemory::close);
        allocator.endReservation().close();
        throw e;
      }
      CapturedStep result =
          new CapturedStep(
              stream,
              graph,
              allocator.endReservation(),
              allocator.transfer().endCapture(),
              captured::remove);
      captured.add(result);
      return result;
    }
  }

  /** Closing again does nothing. */
  @Override
  public void close() {
    try {
      synchronized (stream) {
        List.copyOf(captured).forEach(CapturedStep::close);
      }
    } finally {
      resources.close();
    }
  }

  private Graph record(Runnable step) {
    stream.beginCapture();
    try {
      step.run();
      return stream.endCapture();
    } catch (RuntimeException | Error e) {
      stream.abandonCapture();
      throw e;
    }
  }

  private static CudaBackend open(
      int ordinal, LibrarySet libraries, CudaSettings settings, ResourceStack resources) {
    Optional<KernelCache> cache = cache(settings);
    Device device = resources.push(new Device(ordinal));
    Stream stream = resources.push(new Stream(device));
    CudaLibraries opened = resources.push(CudaLibraries.open(libraries, stream, settings.math()));
    giveWorkspace(device, opened, resources);
    DeviceAllocator allocator =
        resources.push(
            new DeviceAllocator(
                stream, settings.memoryLimitBytes().orElse(device.memory().totalBytes())));
    Launcher launcher =
        resources.push(
            new Launcher(
                stream,
                allocator,
                new KernelCompiler(
                    opened.compiler(), device.capability(), cache.orElse(KernelCache.none()))));
    String description =
        device.name()
            + ", compute capability "
            + device.capability() / 10
            + "."
            + device.capability() % 10
            + ", "
            + libraries.description()
            + ", float32 products "
            + settings.math().name().toLowerCase(Locale.ROOT)
            + cache
                .flatMap(KernelCache::folder)
                .map(folder -> ", kernels kept in " + folder)
                .orElse(", kernels not kept: no folder for them can be made; name one by cache");
    Kernels kernels =
        CudaKernels.of(launcher, allocator, opened.blas(), opened.solver(), settings.fusion());
    return new CudaBackend(description, stream, allocator, kernels, resources);
  }

  /** The folder asked for, or else the user's, or none if that cannot be written to. */
  private static Optional<KernelCache> cache(CudaSettings settings) {
    if (settings.cache().isPresent()) {
      return settings.cache().map(KernelCache::in);
    }
    try {
      return Optional.of(KernelCache.in(CacheFolder.ofUser(System.getenv())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void giveWorkspace(
      Device device, CudaLibraries libraries, ResourceStack resources) {
    long bytes = device.capability() >= HOPPER ? WORKSPACE_HOPPER : WORKSPACE;
    long address = device.allocate(bytes);
    if (address == 0) {
      throw new OutOfDeviceMemoryException(
          device.description()
              + ": "
              + bytes
              + " bytes asked for as cuBLAS's working memory, "
              + device.memory().freeBytes()
              + " free; does another process hold the device's memory?");
    }
    resources.push((AutoCloseable) () -> device.free(address));
    libraries.blas().setWorkspace(address, bytes);
  }
}
