package org.modalimmune.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/** The driver's library, looked at before JCuda's binding of it is loaded. */
final class DriverLibrary {
  private static final String NAME = "libcuda.so.1";

  // JCuda's binding is linked lazily: a call of a function that is missing would end the process.
  private static final List<String> FUNCTIONS =
      List.of(
          "cuInit",
          "cuDriverGetVersion",
          "cuDeviceGetCount",
          "cuDeviceGet",
          "cuDeviceGetName",
          "cuDeviceGetAttribute",
          "cuDevicePrimaryCtxRetain",
          "cuDevicePrimaryCtxRelease_v2",
          "cuCtxSetCurrent",
          "cuCtxSynchronize",
          "cuMemAlloc_v2",
          "cuMemFree_v2",
          "cuMemGetInfo_v2",
          "cuMemAllocHost_v2",
          "cuMemFreeHost",
          "cuMemcpyHtoDAsync_v2",
          "cuMemcpyDtoHAsync_v2",
          "cuMemcpyDtoDAsync_v2",
          "cuMemsetD8Async",
          "cuStreamCreate",
          "cuStreamDestroy_v2",
          "cuStreamSynchronize",
          "cuStreamBeginCapture_v2",
          "cuStreamEndCapture",
          "cuGraphInstantiateWithFlags",
          "cuGraphLaunch",
          "cuGraphDestroy",
          "cuGraphExecDestroy",
          "cuEventCreate",
          "cuEventRecord",
          "cuEventSynchronize",
          "cuEventElapsedTime",
          "cuEventDestroy_v2",
          "cuModuleLoadData",
          "cuModuleUnload",
          "cuModuleGetFunction",
          "cuLaunchKernel",
          "cuFuncGetAttribute",
          "cuFuncSetAttribute",
          "cuGetErrorName",
          "cuGetErrorString");

  private DriverLibrary() {}

  /** Why the driver cannot be used; empty if it is there and whole. */
  static Optional<String> fault() {
    SymbolLookup symbols;
    try {
      // Stays loaded: JCuda's binding needs it next.
      symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "no driver: "
              + NAME
              + " was not found; install NVIDIA's driver (in a container: start it with the GPU)");
    }
    return FUNCTIONS.stream()
        .filter(name -> symbols.find(name).isEmpty())
        .findFirst()
        .map(name -> "driver too old: it has no function " + name + "; install a newer one");
  }
}
