package org.modalimmune.cuda.library;

import java.util.List;

/**
 * The names that one major version of CUDA gives its libraries.
 *
 * @param major version of the toolkit, of NVRTC and of cuBLAS
 * @param compiler NVRTC
 * @param blas cuBLAS
 * @param solver cuSOLVER, which counts its own versions
 * @param companions what these load in turn, looked for only where they do not find it themselves
 */
record Toolkit(int major, String compiler, String blas, String solver, List<String> companions) {
  /** The version that JCuda's bindings are linked to. */
  static final Toolkit OF_JCUDA =
      new Toolkit(
          12,
          "libnvrtc.so.12",
          "libcublas.so.12",
          "libcusolver.so.11",
          List.of("libnvJitLink.so.12", "libcublasLt.so.12", "libcusparse.so.12"));

  /** The versions that can be bound, newest first. */
  static final List<Toolkit> NEWEST_FIRST =
      List.of(
          new Toolkit(
              13,
              "libnvrtc.so.13",
              "libcublas.so.13",
              "libcusolver.so.12",
              List.of("libnvJitLink.so.13", "libcublasLt.so.13", "libcusparse.so.12")),
          OF_JCUDA,
          new Toolkit(
              11,
              "libnvrtc.so.11.2",
              "libcublas.so.11",
              "libcusolver.so.11",
              List.of("libcublasLt.so.11", "libcusparse.so.11")));

  /** The second library that JCuda's binding of cuSOLVER is linked to. */
  static final String JCUDA_MULTI_GPU_SOLVER = "libcusolverMg.so.11";
}
