package org.modalimmune.cuda.software;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.cuda.CudaProvider;
import org.opentest4j.TestAbortedException;

/** The handles by which tests steer the software CUDA device; see {@code src/test/cpp}. */
final class SoftwareDevice {
  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup symbols;

  private SoftwareDevice(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Where the build puts it. */
  static Path folder() {
    return Path.of("target", "software-cuda").toAbsolutePath();
  }

  /** The device; without it the test that asks is skipped. */
  static SoftwareDevice require() {
    if (!Files.exists(folder().resolve("libcuda.so.1"))) {
      throw new TestAbortedException(
          "SKIPPED: there is no software CUDA device; install g++ (x86-64 Linux) and build again");
    }
    SymbolLookup found = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    if (found.find("softwareSet").isEmpty()) {
      throw new TestAbortedException(
          "SKIPPED: libcuda.so.1 is another one; put "
              + folder()
              + " first in LD_LIBRARY_PATH before running this test");
    }
    return new SoftwareDevice(found);
  }

  /** The backend on the device, its kernels kept beside it. */
  static Backend open(String library, String... settings) {
    return open(options(library, settings));
  }

  /** The backend on the device. */
  static Backend open(BackendOptions options) {
    require();
    return new CudaProvider().open(options);
  }

  /** Options with one of the two bindings, and more settings as names and values. */
  static BackendOptions options(String library, String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("library", library);
    all.put("cache", Path.of("target", "software-kernels").toString());
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new BackendOptions(1, all);
  }

  /** Changes a setting of the device. */
  void set(String name, long value) {
    try (Arena arena = Arena.ofConfined()) {
      function("softwareSet", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG))
          .invokeWithArguments(arena.allocateFrom(name), value);
    } catch (Throwable e) {
      throw new LinkageError("softwareSet", e);
    }
  }

  /** Back to the settings the process began with. */
  void reset() {
    try {
      function("softwareReset", FunctionDescriptor.ofVoid()).invokeWithArguments();
    } catch (Throwable e) {
      throw new LinkageError("softwareReset", e);
    }
  }

  /** Makes a function of the driver or of a library fail once, after some calls that go well. */
  void fail(String call, int callsBefore, int result) {
    try (Arena arena = Arena.ofConfined()) {
      function(
              "softwareFail",
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
          .invokeWithArguments(arena.allocateFrom(call), callsBefore, result);
    } catch (Throwable e) {
      throw new LinkageError("softwareFail", e);
    }
  }

  /** How often a function was called since the last reset. */
  long calls(String call) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          function(
                  "softwareCalls",
                  FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
              .invokeWithArguments(arena.allocateFrom(call));
    } catch (Throwable e) {
      throw new LinkageError("softwareCalls", e);
    }
  }

  /** As if nothing had failed on the device yet. */
  void forget() {
    try {
      function("softwareForget", FunctionDescriptor.ofVoid()).invokeWithArguments();
    } catch (Throwable e) {
      throw new LinkageError("softwareForget", e);
    }
  }

  /** What failed first on the device since the last reset, in words; empty if nothing did. */
  String failure() {
    try {
      MemorySegment text =
          (MemorySegment)
              function("softwareFailure", FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeWithArguments();
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw new LinkageError("softwareFailure", e);
    }
  }

  /** Resources that contexts still had when their last user left, since the process began. */
  int leaks() {
    return count("softwareLeaks");
  }

  /** Allocations of device and pinned memory that are live. */
  int allocations() {
    return count("softwareAllocations");
  }

  /** Handles of cuBLAS and cuSOLVER that are live. */
  int handles() {
    return count("softwareHandles");
  }

  private int count(String name) {
    try {
      return (int)
          function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeWithArguments();
    } catch (Throwable e) {
      throw new LinkageError(name, e);
    }
  }

  private MethodHandle function(String name, FunctionDescriptor descriptor) {
    Optional<MemorySegment> address = symbols.find(name);
    return LINKER.downcallHandle(address.orElseThrow(), descriptor);
  }
}
