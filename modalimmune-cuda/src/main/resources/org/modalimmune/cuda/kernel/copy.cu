// Copies between layouts and element types. T is the type that is read.
#include "view.cuh"
#include "map.cuh"

extern "C" __global__ void to_float_dense(const T* x, float* out, long long n) {
  mapDense(Convert<float>{}, n, out, x);
}

extern "C" __global__ void to_float_strided(const T* x, float* out, const Walk<2> walk) {
  mapStrided(Convert<float>{}, walk, out, x);
}

extern "C" __global__ void to_double_dense(const T* x, double* out, long long n) {
  mapDense(Convert<double>{}, n, out, x);
}

extern "C" __global__ void to_double_strided(const T* x, double* out, const Walk<2> walk) {
  mapStrided(Convert<double>{}, walk, out, x);
}

#define TILE 32
#define TILE_ROWS 8

// Matrices whose columns lie densely to matrices whose rows do: out[b][i][j] = x[b][j][i]. A tile
// goes through shared memory, so that both sides are accessed along their dense axis. Needs blocks
// of TILE * TILE_ROWS threads.
//
// batch: x, out over all other axes; xStride from j to j + 1, outStride from i to i + 1
extern "C" __global__ void copy_transposed(const T* x, T* out, const Walk<2> batch, long long rows,
                                           long long columns, long long xStride,
                                           long long outStride) {
  // one column more: the threads of a warp then fall on different banks in both directions
  __shared__ T tile[TILE][TILE + 1];
  int tx = threadIdx.x % TILE;
  int ty = threadIdx.x / TILE;
  long long across = (columns + TILE - 1) / TILE;
  long long down = (rows + TILE - 1) / TILE;
  for (long long t = blockIdx.x; t < batch.count * across * down; t += gridDim.x) {
    long long at[2];
    locate(batch, t / (across * down), at);
    long long i0 = t / across % down * TILE;
    long long j0 = t % across * TILE;
    for (int d = ty; d < TILE; d += TILE_ROWS) {
      if (j0 + d < columns && i0 + tx < rows) {
        tile[d][tx] = x[at[0] + (j0 + d) * xStride + i0 + tx];
      }
    }
    __syncthreads();
    for (int d = ty; d < TILE; d += TILE_ROWS) {
      if (i0 + d < rows && j0 + tx < columns) {
        out[at[1] + (i0 + d) * outStride + j0 + tx] = tile[tx][d];
      }
    }
    __syncthreads();
  }
}
