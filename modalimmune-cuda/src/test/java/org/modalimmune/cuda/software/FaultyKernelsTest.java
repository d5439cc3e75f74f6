package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.modalimmune.cuda.error.CudaException;
import org.modalimmune.cuda.memory.DeviceStorage;

/** The software device sees what is wrong with a kernel; else its proofs would show little. */
class FaultyKernelsTest {
  // Turns the order of a block's elements around.
  private static final String REVERSE =
      """
      extern "C" __global__ void kernel(float* x, int n) {
        __shared__ float tile[64];
        tile[threadIdx.x] = threadIdx.x;
        %s
        x[blockIdx.x * blockDim.x + threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
      }
      """;

  private static final String BARRIER = "__syncthreads();";

  // Sums by the last block to arrive, the partial results of all.
  private static final String LAST_BLOCK =
      """
      extern "C" __global__ void kernel(float* x, int n) {
        x[blockIdx.x] = 1;
        __threadfence();
        int before = atomicAdd((int*) (x + n), 1);
        if (before == gridDim.x - 1) {
          float sum = 0;
          for (int i = 0; i < gridDim.x; i++) {
            sum += x[i];
          }
          x[n + 1] = sum;
        }
      }
      """;

  private final SoftwareDevice device = SoftwareDevice.require();

  @BeforeEach
  void reset() {
    device.reset();
  }

  @AfterEach
  void restore() {
    device.reset();
  }

  @Test
  void writesBeyondAnAllocationAreSeenByTheGuardBytes() {
    assertTrue(
        failure("extern \"C\" __global__ void kernel(float* x, int n) { x[n] = 1; }", 1, 1, 64)
            .contains("after the end of an allocation"));
    assertTrue(
        failure("extern \"C\" __global__ void kernel(float* x, int n) { x[-1] = 1; }", 1, 1, 64)
            .contains("before an allocation"));
  }

  @Test
  void writesBeyondDynamicSharedMemoryAreSeen() {
    String source =
        """
        extern "C" __global__ void kernel(float* x, int n) {
          extern __shared__ float tile[];
          tile[n / 2] = 1;
          x[0] = tile[0];
        }
        """;
    assertTrue(failure(source, 1, 32, 64).contains("beyond the dynamic shared memory"));
  }

  @Test
  void barriersThatOnlySomeThreadsReachAreSeen() {
    String source =
        """
        extern "C" __global__ void kernel(float* x, int n) {
          if (threadIdx.x < 7) {
            x[threadIdx.x] = 1;
            __syncthreads();
          }
        }
        """;
    assertTrue(failure(source, 1, 64, 64).contains("7 of 64 threads wait"));
    String apart =
        """
        extern "C" __global__ void kernel(float* x, int n) {
          if (threadIdx.x % 2 == 0) {
            __syncthreads();
          } else {
            x[threadIdx.x] = 1;
            __syncthreads();
          }
        }
        """;
    assertTrue(failure(apart, 1, 64, 64).contains("wait in lines"));
  }

  @Test
  void exchangesWithLanesThatHaveReturnedAreSeen() {
    String source =
        """
        extern "C" __global__ void kernel(float* x, int n) {
          if (threadIdx.x >= 16) {
            return;
          }
          x[threadIdx.x] = __shfl_down_sync(0xffffffffu, x[threadIdx.x], 1);
        }
        """;
    assertTrue(failure(source, 1, 32, 64).contains("has returned"));
  }

  @Test
  void argumentsOfTheWrongSizeAreRefused() {
    String source =
        "extern \"C\" __global__ void kernel(float* x, double a, double b) { x[0] = a + b; }";
    try (KernelBench bench = new KernelBench()) {
      DeviceStorage x = bench.zeros(4);
      CudaException e =
          assertThrows(CudaException.class, () -> bench.launch(source, 1, 1, 0, x, 4));
      assertTrue(e.call().startsWith("cuLaunchKernel"), e.call());
      assertEquals("CUDA_ERROR_INVALID_VALUE", e.error());
    }
  }

  @Test
  void aMissingBarrierGivesOtherNumbersUnderSomeOrder() {
    Set<String> racy = new HashSet<>();
    Set<String> sound = new HashSet<>();
    for (int seed = 0; seed < 8; seed++) {
      device.set("seed", seed);
      try (KernelBench bench = new KernelBench()) {
        DeviceStorage x = bench.zeros(128);
        bench.run(REVERSE.formatted(""), 2, 64, 0, x, 128);
        racy.add(Arrays.toString(bench.read(x, 128)));
        bench.run(REVERSE.formatted(BARRIER), 2, 64, 0, x, 128);
        sound.add(Arrays.toString(bench.read(x, 128)));
      }
    }
    assertEquals(1, sound.size());
    assertTrue(racy.size() > 1, "every order of the threads hid the race");
  }

  @Test
  void aRaceOfBlocksGivesOtherNumbersUnderSomeOrder() {
    Set<Float> last = new HashSet<>();
    for (int seed = 0; seed < 8; seed++) {
      device.set("seed", seed);
      try (KernelBench bench = new KernelBench()) {
        DeviceStorage x = bench.zeros(4);
        bench.run(
            "extern \"C\" __global__ void kernel(float* x, int n) { x[0] = blockIdx.x; }",
            5,
            32,
            0,
            x,
            4);
        last.add(bench.read(x, 1)[0]);
      }
    }
    assertTrue(last.size() > 1, "every order of the blocks gave " + last);
  }

  @Test
  void watchedKernelsMayNotRace() {
    device.set("check", 1);
    assertTrue(failure(REVERSE.formatted(""), 2, 64, 128).contains("race: shared memory"));
    assertTrue(
        failure(
                "extern \"C\" __global__ void kernel(float* x, int n) { x[0] = blockIdx.x; }",
                2,
                1,
                64)
            .contains("race: global memory"));
    try (KernelBench bench = new KernelBench()) {
      DeviceStorage x = bench.zeros(128);
      bench.run(REVERSE.formatted(BARRIER), 2, 64, 0, x, 128);
      assertEquals(63, bench.read(x, 1)[0]);
    }
  }

  @Test
  void watchedKernelsMayHandResultsToTheLastBlock() {
    device.set("check", 1);
    try (KernelBench bench = new KernelBench()) {
      DeviceStorage x = bench.zeros(8);
      bench.run(LAST_BLOCK, 4, 1, 0, x, 4);
      assertArrayEquals(new float[] {1, 1, 1, 1}, bench.read(x, 4));
      assertEquals(4, bench.read(x, 6)[5]);
    }
  }

  @Test
  void watchedKernelsMayNotReadOutside() {
    device.set("check", 1);
    String source =
        "extern \"C\" __global__ void kernel(float* x, int n) { x[0] = x[n + threadIdx.x]; }";
    assertTrue(failure(source, 1, 1, 64).contains("a read of 4 bytes outside all allocations"));
  }

  /** What the device says about a kernel that must fail, run on so many floats. */
  private String failure(String source, int grid, int block, int floats) {
    device.forget();
    try (KernelBench bench = new KernelBench()) {
      DeviceStorage x = bench.zeros(floats);
      assertThrows(CudaException.class, () -> bench.run(source, grid, block, 128, x, floats));
      return device.failure();
    } catch (CudaException e) {
      // The context stays broken, so nothing can be given back any more.
      return device.failure();
    }
  }
}
