package org.modalimmune.cuda.library;

import java.util.List;

/** The functions in use, by their names in the libraries. */
final class RequiredFunctions {
  static final List<String> COMPILER =
      List.of(
          "nvrtcVersion",
          "nvrtcCreateProgram",
          "nvrtcCompileProgram",
          "nvrtcGetCUBINSize",
          "nvrtcGetCUBIN",
          "nvrtcGetProgramLogSize",
          "nvrtcGetProgramLog",
          "nvrtcDestroyProgram",
          "nvrtcGetErrorString");

  static final List<String> BLAS =
      List.of(
          "cublasCreate_v2",
          "cublasDestroy_v2",
          "cublasGetVersion_v2",
          "cublasSetStream_v2",
          "cublasSetMathMode",
          "cublasSetWorkspace_v2",
          "cublasSgemm_v2",
          "cublasDgemm_v2",
          "cublasSgemmStridedBatched",
          "cublasDgemmStridedBatched",
          "cublasGemmEx",
          "cublasGemmStridedBatchedEx",
          "cublasDtrsm_v2");

  static final List<String> SOLVER =
      List.of(
          "cusolverDnCreate",
          "cusolverDnDestroy",
          "cusolverDnSetStream",
          "cusolverDnDsyevd_bufferSize",
          "cusolverDnDsyevd",
          "cusolverDnDpotrf_bufferSize",
          "cusolverDnDpotrf");

  private RequiredFunctions() {}
}
