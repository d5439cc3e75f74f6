package org.modalimmune.cpu;

import java.util.function.BiFunction;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.cpu.vector.VectorKernelFactory;
import org.modalimmune.cpu.vector.VectorSpeciesSet;

/** The way to the kernel package, for each vector width. */
final class VectorModule {
  private VectorModule() {}

  static boolean isPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** What the processor prefers, at most 512. */
  static int preferredBits() {
    return VectorSpeciesSet.BITS;
  }

  static Kernels kernels(int bits, HostAllocator allocator, WorkerPool workers) {
    return factory(bits).apply(allocator, workers);
  }

  private static BiFunction<HostAllocator, WorkerPool, Kernels> factory(int bits) {
    if (bits == preferredBits()) {
      return new VectorKernelFactory();
    }
    return switch (bits) {
      case 128 -> Bits128.FACTORY;
      case 256 -> Bits256.FACTORY;
      default -> Bits512.FACTORY;
    };
  }

  @SuppressWarnings("unchecked")
  private static BiFunction<HostAllocator, WorkerPool, Kernels> load(int bits) {
    try {
      return (BiFunction<HostAllocator, WorkerPool, Kernels>)
          Class.forName(VectorKernelFactory.class.getName(), true, new WidthClassLoader(bits))
              .asSubclass(BiFunction.class)
              .getConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("backend cpu: no kernels for " + bits + "-bit vectors", e);
    }
  }

  /** Loaded when first asked for. */
  private static final class Bits128 {
    static final BiFunction<HostAllocator, WorkerPool, Kernels> FACTORY = load(128);
  }

  /** Loaded when first asked for. */
  private static final class Bits256 {
    static final BiFunction<HostAllocator, WorkerPool, Kernels> FACTORY = load(256);
  }

  /** Loaded when first asked for. */
  private static final class Bits512 {
    static final BiFunction<HostAllocator, WorkerPool, Kernels> FACTORY = load(512);
  }
}
