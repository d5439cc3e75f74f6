package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.cuda.CapturedStep;
import org.modalimmune.cuda.CudaBackend;
import org.modalimmune.cuda.error.CudaException;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Errors of the driver and of the libraries, the end of memory, and what is given back. */
class DriverErrorsTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final long MEBIBYTE_OF_FLOATS = 1L << 18;

  private final SoftwareDevice device = SoftwareDevice.require();
  private int handles;

  @BeforeEach
  void reset() {
    device.reset();
    handles = device.handles();
  }

  @AfterEach
  void nothingIsLeft() {
    device.reset();
    assertEquals(0, device.allocations(), "allocations that nobody gave back");
    assertEquals(handles, device.handles(), "handles of libraries that nobody gave back");
  }

  @ParameterizedTest
  @CsvSource({
    "panama, cuDevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain",
    "panama, cuCtxSetCurrent, cuCtxSetCurrent",
    "panama, cuStreamCreate, cuStreamCreate",
    "panama, cublasCreate_v2, cublasCreate",
    "panama, cublasSetStream_v2, cublasSetStream",
    "panama, cusolverDnCreate, cusolverDnCreate",
    "panama, cuDeviceGetAttribute, cuDeviceGetAttribute",
    "jcuda, cublasCreate_v2, cublasCreate",
    "jcuda, cublasSetMathMode, cublasSetMathMode",
    "jcuda, cusolverDnSetStream, cusolverDnSetStream",
    "jcuda, nvrtcVersion, nvrtcVersion"
  })
  void aCallThatFailsAtTheStartIsNamedAndLeavesNothingBehind(
      String library, String call, String named) {
    device.fail(call, 0, 3);
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> SoftwareDevice.open(library).close());
    assertTrue(e.getMessage().contains(named), e::getMessage);
    assertEquals(0, device.allocations());
    assertEquals(handles, device.handles());
    computes(library);
  }

  @ParameterizedTest
  @CsvSource({
    "panama, cuLaunchKernel, cuLaunchKernel",
    "panama, cuMemcpyHtoDAsync_v2, cuMemcpyHtoDAsync",
    "panama, cuMemcpyDtoHAsync_v2, cuMemcpyDtoHAsync",
    "panama, cublasSgemm_v2, cublasSgemm",
    "panama, cuModuleLoadData, cuModuleLoadData",
    "panama, cuModuleGetFunction, cuModuleGetFunction",
    "jcuda, cublasSgemm_v2, cublasSgemm"
  })
  void aCallThatFailsLaterIsNamed(String library, String call, String named) {
    try (Backend backend = SoftwareDevice.open(library)) {
      device.fail(call, 0, 1);
      RuntimeException e =
          assertThrows(
              RuntimeException.class,
              () -> {
                try (Scope scope = backend.newScope()) {
                  work(backend, scope).toFloatArray();
                }
              });
      assertTrue(e.getMessage().contains(named), e::getMessage);
      try (Scope scope = backend.newScope()) {
        assertArrayEquals(new float[] {14, 20, 30, 44}, work(backend, scope).toFloatArray());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "strict, FLOAT32, 1, cublasSgemm_v2, cublasSgemm",
    "strict, FLOAT64, 1, cublasDgemm_v2, cublasDgemm",
    "strict, FLOAT32, 3, cublasSgemmStridedBatched, cublasSgemmStridedBatched",
    "strict, FLOAT64, 3, cublasDgemmStridedBatched, cublasDgemmStridedBatched",
    "bf16, FLOAT32, 1, cublasGemmEx, cublasGemmEx",
    "bf16, FLOAT32, 3, cublasGemmStridedBatchedEx, cublasGemmStridedBatchedEx"
  })
  void aProductThatFailsIsNamedByTheFunctionThatWasCalled(
      String math, DType dtype, long batch, String call, String named) {
    for (String library : List.of("panama", "jcuda")) {
      try (Backend backend = SoftwareDevice.open(library, "math", math);
          Scope scope = backend.newScope()) {
        Ops ops = backend.ops(scope);
        Tensor x = ops.full(1, dtype, Shape.of(batch, 2, 2));
        device.fail(call, 0, 13);
        CudaException e = assertThrows(CudaException.class, () -> ops.matmul(x, x));
        assertEquals(named, e.call(), library);
        assertEquals("CUBLAS_STATUS_EXECUTION_FAILED", e.error(), library);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void aFaultOfTheDeviceIsReportedAndANewBackendWorks(String library) {
    try (Backend backend = SoftwareDevice.open(library);
        Scope scope = backend.newScope()) {
      device.fail("cuEventSynchronize", 0, ILLEGAL_ADDRESS);
      Tensor x = work(backend, scope);
      RuntimeException e = assertThrows(RuntimeException.class, x::toFloatArray);
      assertTrue(e.getMessage().contains("CUDA_ERROR_ILLEGAL_ADDRESS"), e::getMessage);
      assertTrue(e.getMessage().contains("cuEventSynchronize"), e::getMessage);
    }
    computes(library);
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void theEndOfDeviceMemoryIsAnErrorWithSizesAndNothingElseChanges(String library) {
    device.set("memory-mib", 40);
    try (Backend backend = SoftwareDevice.open(library);
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor x = ops.full(3, DType.FLOAT32, Shape.of(4 * MEBIBYTE_OF_FLOATS));
      long asked = 64 * MEBIBYTE_OF_FLOATS * Float.BYTES;
      OutOfDeviceMemoryException e =
          assertThrows(
              OutOfDeviceMemoryException.class,
              () -> ops.full(1, DType.FLOAT32, Shape.of(64 * MEBIBYTE_OF_FLOATS)));
      assertTrue(e.getMessage().contains(Long.toString(asked)), e::getMessage);
      assertTrue(e.getMessage().contains(Long.toString(40L << 20)), e::getMessage);
      assertEquals(3, x.toFloatArray()[17]);
      assertEquals("cuda", backend.name());
      assertArrayEquals(new float[] {14, 20, 30, 44}, work(backend, scope).toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void memoryThatTheDriverRefusesOnceIsFoundAmongTheUnused(int callsBefore) {
    try (Backend backend = SoftwareDevice.open("panama")) {
      try (Scope scope = backend.newScope()) {
        work(backend, scope).toFloatArray();
      }
      device.fail("cuMemAlloc_v2", callsBefore, OUT_OF_MEMORY);
      try (Scope scope = backend.newScope()) {
        for (long n = 1 << 10; n <= 1 << 16; n *= 4) {
          assertEquals(
              2, backend.ops(scope).full(2, DType.FLOAT64, Shape.of(n)).toDoubleArray()[3]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void closingTheBackendGivesBackWhatScopesStillHold(String library) {
    int before = device.leaks();
    Backend backend = SoftwareDevice.open(library);
    Scope scope = backend.newScope();
    Tensor x = work(backend, scope);
    backend.close();
    assertEquals(0, device.allocations());
    assertEquals(handles, device.handles());
    assertEquals(before, device.leaks());
    assertThrows(IllegalStateException.class, x::toFloatArray);
    assertThrows(IllegalStateException.class, () -> backend.ops(scope).unary(UnaryOp.EXP, x));
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void severalBackendsAndThreadsShareADevice(String library)
      throws InterruptedException, ExecutionException {
    try (Backend first = SoftwareDevice.open(library)) {
      try (Backend second = SoftwareDevice.open("panama");
          ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Callable<float[]>> calls = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          Backend backend = i % 3 == 0 ? second : first;
          calls.add(
              () -> {
                try (Scope scope = backend.newScope()) {
                  return work(backend, scope).toFloatArray();
                }
              });
        }
        for (Future<float[]> result : threads.invokeAll(calls)) {
          assertArrayEquals(new float[] {14, 20, 30, 44}, result.get());
        }
      }
      try (Scope scope = first.newScope()) {
        assertArrayEquals(new float[] {14, 20, 30, 44}, work(first, scope).toFloatArray());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void aCapturedStepIsReplayed(String library) {
    try (CudaBackend backend = (CudaBackend) SoftwareDevice.open(library);
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor w = scope.of(Shape.of(2, 2), 1, 0, 0, 1);
      Tensor a = scope.of(Shape.of(2, 2), 2, 0, 0, 3);
      Runnable step =
          () -> {
            try (Scope inner = backend.newScope()) {
              Ops within = backend.ops(inner);
              within.copyTo(within.affine(within.matmul(a, w), 1, 1), w);
            }
          };
      step.run();
      assertArrayEquals(new float[] {3, 1, 1, 4}, w.toFloatArray());
      try (CapturedStep captured = backend.capture(step)) {
        assertArrayEquals(new float[] {3, 1, 1, 4}, w.toFloatArray());
        long launches = device.calls("cuLaunchKernel");
        for (int i = 0; i < 3; i++) {
          captured.replay();
        }
        assertEquals(launches, device.calls("cuLaunchKernel"));
        assertEquals(3, device.calls("cuGraphLaunch"));
      }
      double[] expected = {3, 1, 1, 4};
      for (int i = 0; i < 3; i++) {
        expected =
            new double[] {
              2 * expected[0] + 1, 2 * expected[1] + 1, 3 * expected[2] + 1, 3 * expected[3] + 1
            };
      }
      assertArrayEquals(expected, w.toDoubleArray());
      assertArrayEquals(new float[] {14, 20, 30, 44}, work(backend, scope).toFloatArray());
      assertEquals(4, ops.sum(scope.of(Shape.of(2), 1, 3)).item());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"panama", "jcuda"})
  void aStepThatReadsValuesCannotBeCaptured(String library) {
    try (CudaBackend backend = (CudaBackend) SoftwareDevice.open(library);
        Scope scope = backend.newScope()) {
      Tensor x = scope.of(Shape.of(2), 1, 2);
      backend.ops(scope).unary(UnaryOp.EXP, x).toFloatArray();
      assertThrows(
          IllegalStateException.class,
          () -> backend.capture(() -> backend.ops(scope).unary(UnaryOp.EXP, x).toFloatArray()));
      assertArrayEquals(new float[] {14, 20, 30, 44}, work(backend, scope).toFloatArray());
    }
  }

  private static void computes(String library) {
    try (Backend backend = SoftwareDevice.open(library);
        Scope scope = backend.newScope()) {
      assertArrayEquals(new float[] {14, 20, 30, 44}, work(backend, scope).toFloatArray());
    }
  }

  /** A copy to the device, kernels and a product. */
  private static Tensor work(Backend backend, Scope scope) {
    Ops ops = backend.ops(scope);
    Tensor x = scope.of(Shape.of(2, 2), 1, 2, 3, 4);
    return ops.binary(BinaryOp.MULTIPLY, ops.matmul(x, x), scope.of(Shape.of(2, 2), 2, 2, 2, 2));
  }
}
