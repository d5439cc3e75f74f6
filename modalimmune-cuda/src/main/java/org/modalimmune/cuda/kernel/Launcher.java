package org.modalimmune.cuda.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.cuda.compile.KernelCompiler;
import org.modalimmune.cuda.compile.SourceText;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.driver.DeviceModule;
import org.modalimmune.cuda.driver.PendingWork;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;

/**
 * Compiles sources at first use and starts their kernels on the backend's stream. A launch of a
 * kernel that is loaded allocates nothing. Safe for use by several threads.
 */
public final class Launcher implements AutoCloseable {
  private final Stream stream;
  private final DeviceAllocator allocator;
  private final KernelCompiler compiler;
  private final ThreadLocal<LaunchArguments> arguments =
      ThreadLocal.withInitial(LaunchArguments::new);
  private final Map<String, LoadedSource> sources = new ConcurrentHashMap<>();
  private final Map<SourceText, LoadedModule> generated = new ConcurrentHashMap<>();

  /**
   * @param stream where kernels run
   * @param allocator the stream's memory
   * @param compiler compiles for the stream's device
   */
  public Launcher(Stream stream, DeviceAllocator allocator, KernelCompiler compiler) {
    this.stream = stream;
    this.allocator = allocator;
    this.compiler = compiler;
  }

  /**
   * A kernel of a file beside this class, compiled with {@code REAL} defined as the element type.
   *
   * @param source file name, such as {@code elementwise.cu}
   * @param entry name of the {@code extern "C" __global__} function
   * @param type element type
   */
  public DeviceKernel kernel(String source, String entry, DType type) {
    LoadedSource loaded = sources.get(source);
    if (loaded == null) {
      loaded = sources.computeIfAbsent(source, LoadedSource::new);
    }
    return loaded.module(type).kernel(entry);
  }

  /** A kernel of a generated source. */
  public DeviceKernel kernel(SourceText generatedSource, String entry) {
    LoadedModule loaded = generated.get(generatedSource);
    if (loaded == null) {
      synchronized (stream) {
        loaded = generated.computeIfAbsent(generatedSource, text -> load(text, List.of()));
      }
    }
    return loaded.kernel(entry);
  }

  /**
   * This thread's arguments, emptied. Work that is still pending is given to the stream first; who
   * implements {@link PendingWork} uses arguments of its own.
   */
  public LaunchArguments arguments() {
    synchronized (stream) {
      stream.settle();
    }
    return arguments.get().reset();
  }

  /**
   * Starts a kernel on a one-dimensional grid.
   *
   * @param kernel what to run
   * @param grid blocks, at least 1
   * @param block threads of a block
   * @param sharedBytes dynamic shared memory of a block
   * @param a the kernel's arguments; free for reuse on return
   */
  public void launch(DeviceKernel kernel, int grid, int block, int sharedBytes, LaunchArguments a) {
    synchronized (stream) {
      stream.launch(kernel, grid, block, sharedBytes, a.block());
    }
  }

  /** Streaming multiprocessors of the device. */
  public int multiprocessors() {
    return stream.device().multiprocessors();
  }

  /** Most shared memory of one block in bytes, with {@link DeviceKernel}'s consent above 48 KiB. */
  public int sharedMemoryPerBlock() {
    return stream.device().sharedMemoryPerBlock();
  }

  /** Memory for intermediate results; close it as soon as the last kernel on it is launched. */
  public DeviceStorage scratch(long bytes) {
    return allocator.allocate(bytes);
  }

  /** Memory that holds integers of the host; close it as soon as its last kernel is launched. */
  public DeviceStorage upload(int... values) {
    DeviceStorage storage = allocator.allocate((long) values.length * Integer.BYTES);
    try {
      storage.write(0, MemorySegment.ofArray(values));
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
    return storage;
  }

  /** Sets the work that must be given to the stream before anything else is. */
  public void setPending(PendingWork work) {
    synchronized (stream) {
      stream.setPending(work);
    }
  }

  /** The stream; hold its lock while using it. */
  public Stream stream() {
    return stream;
  }

  /** Waits for all work, the pending too, and unloads all kernels. */
  @Override
  public void close() {
    synchronized (stream) {
      try {
        stream.synchronize();
      } finally {
        sources.values().forEach(LoadedSource::close);
        sources.clear();
        generated.values().forEach(LoadedModule::close);
        generated.clear();
      }
    }
  }

  // Only with the stream's lock held: who flushes pending work holds it and may come here too.
  private LoadedModule load(SourceText source, List<String> defines) {
    byte[] code = compiler.compile(source, KernelSources.headers(source), defines);
    return new LoadedModule(new DeviceModule(stream.device(), code));
  }

  /** The modules of one file, by element type. */
  private final class LoadedSource {
    private final SourceText text;
    private volatile @Nullable LoadedModule float32;
    private volatile @Nullable LoadedModule float64;

    LoadedSource(String file) {
      text = KernelSources.source(file);
    }

    LoadedModule module(DType type) {
      LoadedModule loaded = type == DType.FLOAT32 ? float32 : float64;
      return loaded == null ? loadOnce(type) : loaded;
    }

    void close() {
      for (LoadedModule loaded : Arrays.asList(float32, float64)) {
        if (loaded != null) {
          loaded.close();
        }
      }
    }

    private LoadedModule loadOnce(DType type) {
      synchronized (stream) {
        LoadedModule loaded = type == DType.FLOAT32 ? float32 : float64;
        if (loaded != null) {
          return loaded;
        }
        if (type == DType.FLOAT32) {
          loaded = load(text, List.of("REAL=float"));
          float32 = loaded;
        } else {
          loaded = load(text, List.of("REAL=double"));
          float64 = loaded;
        }
        return loaded;
      }
    }
  }

  /** A module and its entries. */
  private static final class LoadedModule {
    private final DeviceModule module;
    private final Map<String, DeviceKernel> kernels = new ConcurrentHashMap<>();

    LoadedModule(DeviceModule module) {
      this.module = module;
    }

    DeviceKernel kernel(String entry) {
      DeviceKernel known = kernels.get(entry);
      return known == null ? kernels.computeIfAbsent(entry, module::kernel) : known;
    }

    void close() {
      module.close();
    }
  }
}
