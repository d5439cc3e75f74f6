package org.modalimmune.cuda.library;

import org.modalimmune.cuda.error.CudaException;

/** The status codes of cuBLAS and cuSOLVER, by the names in their headers. */
public enum Status {
  /** Codes of cublas_api.h. */
  CUBLAS("CUBLAS_STATUS_"),
  /** Codes of cusolver_common.h. */
  CUSOLVER("CUSOLVER_STATUS_");

  private final String prefix;

  Status(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Does nothing for success.
   *
   * @throws CudaException for every other status
   */
  public void check(String call, int status, String device) {
    if (status != 0) {
      String name = this == CUBLAS ? blasName(status) : solverName(status);
      throw new CudaException(call, prefix + name, explanation(name), device);
    }
  }

  private static String blasName(int status) {
    return switch (status) {
      case 1 -> "NOT_INITIALIZED";
      case 3 -> "ALLOC_FAILED";
      case 7 -> "INVALID_VALUE";
      case 8 -> "ARCH_MISMATCH";
      case 11 -> "MAPPING_ERROR";
      case 13 -> "EXECUTION_FAILED";
      case 14 -> "INTERNAL_ERROR";
      case 15 -> "NOT_SUPPORTED";
      default -> Integer.toString(status);
    };
  }

  private static String solverName(int status) {
    return switch (status) {
      case 1 -> "NOT_INITIALIZED";
      case 2 -> "ALLOC_FAILED";
      case 3 -> "INVALID_VALUE";
      case 4 -> "ARCH_MISMATCH";
      case 5 -> "MAPPING_ERROR";
      case 6 -> "EXECUTION_FAILED";
      case 7 -> "INTERNAL_ERROR";
      case 8 -> "MATRIX_TYPE_NOT_SUPPORTED";
      case 9 -> "NOT_SUPPORTED";
      default -> Integer.toString(status);
    };
  }

  private static String explanation(String name) {
    return switch (name) {
      case "NOT_INITIALIZED" -> "the library could not start; is enough device memory free?";
      case "ALLOC_FAILED" ->
          "the library got no memory; use smaller batches or close scopes earlier";
      case "INVALID_VALUE" -> "an argument is out of range";
      case "ARCH_MISMATCH" -> "the library does not support the device's architecture";
      case "EXECUTION_FAILED" -> "a kernel of the library failed on the device";
      case "NOT_SUPPORTED" -> "the library does not support this operation on this device";
      default -> "no explanation from the library";
    };
  }
}
