package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.modalimmune.cuda.memory.DeviceStorage;

/** Positions in a shape of more elements than any test can hold: those beyond 2^31 by division. */
class WalkedPositionsTest {
  // Elements of [2^20, 5, 2^12], by their rows and the other way round.
  private static final String SOURCE =
      """
      #define REAL float
      #include "view.cuh"
      extern "C" __global__ void kernel(float* x, int n) {
        Walk<2> walk;
        walk.rank = 3;
        walk.narrow = 0;
        walk.dims[0] = 1 << 20;
        walk.dims[1] = 5;
        walk.dims[2] = 1 << 12;
        walk.strides[0][0] = 5 << 12;
        walk.strides[0][1] = 1 << 12;
        walk.strides[0][2] = 1;
        walk.strides[1][0] = 1;
        walk.strides[1][1] = 1 << 20;
        walk.strides[1][2] = 5 << 20;
        long long first = (123456LL * 5 + 3) * 4096 + 789;
        long long at[2];
        locate(walk, first + threadIdx.x, at);
        bool rows = at[0] == first + threadIdx.x;
        bool columns = at[1] == 123456 + (3LL << 20) + (789LL + threadIdx.x) * (5LL << 20);
        x[threadIdx.x] = rows && columns ? 1 : 0;
      }
      """;

  @Test
  void indicesBeyondAnIntegerAreTakenApart() {
    SoftwareDevice.require();
    try (KernelBench bench = new KernelBench()) {
      DeviceStorage x = bench.zeros(4);
      bench.run(SOURCE, 1, 4, 0, x, 4);
      assertArrayEquals(new float[] {1, 1, 1, 1}, bench.read(x, 4));
    }
  }
}
