package org.modalimmune.cuda.library;

import java.util.Map;
import org.modalimmune.cuda.driver.CudaException;

/** The status codes of cuBLAS and cuSOLVER, by the names in their headers. */
public enum Status {
  /** Codes of cublas_api.h. */
  CUBLAS(
      "CUBLAS_STATUS_",
      Map.of(
          1, "NOT_INITIALIZED",
          3, "ALLOC_FAILED",
          7, "INVALID_VALUE",
          8, "ARCH_MISMATCH",
          11, "MAPPING_ERROR",
          13, "EXECUTION_FAILED",
          14, "INTERNAL_ERROR",
          15, "NOT_SUPPORTED")),
  /** Codes of cusolver_common.h. */
  CUSOLVER(
      "CUSOLVER_STATUS_",
      Map.of(
          1, "NOT_INITIALIZED",
          2, "ALLOC_FAILED",
          3, "INVALID_VALUE",
          4, "ARCH_MISMATCH",
          5, "MAPPING_ERROR",
          6, "EXECUTION_FAILED",
          7, "INTERNAL_ERROR",
          8, "MATRIX_TYPE_NOT_SUPPORTED",
          9, "NOT_SUPPORTED"));

  private static final Map<String, String> EXPLANATIONS =
      Map.of(
          "NOT_INITIALIZED", "the library could not start; is enough device memory free?",
          "ALLOC_FAILED", "the library got no memory; use smaller batches or close scopes earlier",
          "INVALID_VALUE", "an argument is out of range",
          "ARCH_MISMATCH", "the library does not support the device's architecture",
          "EXECUTION_FAILED", "a kernel of the library failed on the device",
          "NOT_SUPPORTED", "the library does not support this operation on this device");

  private final String prefix;
  private final Map<Integer, String> names;

  Status(String prefix, Map<Integer, String> names) {
    this.prefix = prefix;
    this.names = names;
  }

  /**
   * Does nothing for success.
   *
   * @throws CudaException for every other status
   */
  public void check(String call, int status, String device) {
    if (status != 0) {
      String name = names.getOrDefault(status, Integer.toString(status));
      throw new CudaException(
          call,
          prefix + name,
          EXPLANATIONS.getOrDefault(name, "no explanation from the library"),
          device);
    }
  }
}
