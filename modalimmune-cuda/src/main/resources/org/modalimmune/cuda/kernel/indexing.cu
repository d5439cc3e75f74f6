// Rows by index. A row is taken by `lanes` neighbouring threads, a power of two that divides the
// block.
#include "view.cuh"

// out[i, ...] = x[rows[i], ...]. inner: x, out over all axes but the first
extern "C" __global__ void gather(const T* x, T* out, const int* rows, long long count,
                                  long long xStride, long long outStride, const Walk<2> inner,
                                  int lanes) {
  int lane = threadIdx.x % lanes;
  bool dense = inner.rank == 1 && inner.strides[0][0] == 1 && inner.strides[1][0] == 1;
  for (long long i = firstIndex() / lanes; i < count; i += gridThreads() / lanes) {
    const T* from = x + rows[i] * xStride;
    T* to = out + i * outStride;
    long long packs = dense && aligned(from) && aligned(to) ? inner.count / LANES : 0;
    for (long long p = lane; p < packs; p += lanes) {
      ((Pack<T>*)to)[p] = ((const Pack<T>*)from)[p];
    }
    for (long long j = packs * LANES + lane; j < inner.count; j += lanes) {
      long long at[2];
      locate(inner, j, at);
      to[at[1]] = from[at[0]];
    }
  }
}

// out[r, ...] = sum of x[order[p], ...] for p = starts[r] .. starts[r + 1] - 1, one after the other
// in float64. inner: x, out over all axes but the first
extern "C" __global__ void scatter_add(const T* x, T* out, const int* starts, const int* order,
                                       long long count, long long xStride, long long outStride,
                                       const Walk<2> inner, int lanes) {
  int lane = threadIdx.x % lanes;
  for (long long r = firstIndex() / lanes; r < count; r += gridThreads() / lanes) {
    for (long long j = lane; j < inner.count; j += lanes) {
      long long at[2];
      locate(inner, j, at);
      double sum = 0;
      for (int p = starts[r]; p < starts[r + 1]; p++) {
        sum += x[order[p] * xStride + at[0]];
      }
      out[r * outStride + at[1]] = (T)sum;
    }
  }
}
