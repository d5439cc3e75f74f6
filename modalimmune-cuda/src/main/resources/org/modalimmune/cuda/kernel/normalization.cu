// Normalisations of rows, the last axis. A warp or a block takes a row, brings it to shared memory
// where it fits, and goes over it three times: memory is read once and written once.
#include "view.cuh"
#include "functions.cuh"
#include "group.cuh"

// The threads that share a row.
struct WarpGroup {
  __device__ static int thread() { return threadIdx.x % WARP; }
  __device__ static int threads() { return WARP; }
  __device__ static long long first() { return firstIndex() / WARP; }
  __device__ static long long step() { return gridThreads() / WARP; }
  __device__ static int index() { return threadIdx.x / WARP; }
  __device__ static void sync() { __syncwarp(); }
  template <class Op>
  __device__ static double total(double v) {
    return warpTotal<Op>(v);
  }
};

struct BlockGroup {
  __device__ static int thread() { return threadIdx.x; }
  __device__ static int threads() { return blockDim.x; }
  __device__ static long long first() { return blockIdx.x; }
  __device__ static long long step() { return gridDim.x; }
  __device__ static int index() { return 0; }
  __device__ static void sync() { __syncthreads(); }
  template <class Op>
  __device__ static double total(double v) {
    return blockTotal<Op>(v);
  }
};

// A row's elements: in shared memory, or where they are.
struct Row {
  const T* at;
  long long stride;
  __device__ T operator[](long long i) const { return at[i * stride]; }
};

// The row in shared memory, by 16 bytes at a time where source and target begin at such a boundary.
template <class Group>
__device__ inline Row stage(const T* x, long long n, long long stride, int staged) {
  if (!staged) {
    return Row{x, stride};
  }
  extern __shared__ double staging[];
  T* to = (T*)staging + Group::index() * n;
  // the row before may still be read
  Group::sync();
  long long packs = stride == 1 && aligned(x) && aligned(to) ? n / LANES : 0;
#pragma unroll 4
  for (long long p = Group::thread(); p < packs; p += Group::threads()) {
    ((Pack<T>*)to)[p] = ((const Pack<T>*)x)[p];
  }
#pragma unroll 4
  for (long long i = packs * LANES + Group::thread(); i < n; i += Group::threads()) {
    to[i] = x[i * stride];
  }
  Group::sync();
  return Row{to, 1};
}

template <class Group>
__device__ inline T maximumOf(const Row& row, long long n) {
  double best = Max::identity();
  for (long long i = Group::thread(); i < n; i += Group::threads()) {
    best = Max::combine(best, row[i]);
  }
  return (T)Group::template total<Max>(best);
}

// A row with NaN or +infinity, or only -infinity, has x - max = NaN somewhere, so its sum is NaN.
template <class Group>
__device__ inline double exponentialsOf(const Row& row, long long n, T maximum) {
  double sum = 0;
  for (long long i = Group::thread(); i < n; i += Group::threads()) {
    sum += exponential(row[i] - maximum);
  }
  return Group::template total<Sum>(sum);
}

// rows: x, out over all axes but the last, of n elements
template <class Group>
__device__ inline void softmax(const T* x, T* out, const Walk<2>& rows, long long n,
                               long long xStride, long long outStride, int staged) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[2];
    locate(rows, r, at);
    Row row = stage<Group>(x + at[0], n, xStride, staged);
    T maximum = maximumOf<Group>(row, n);
    T sum = (T)exponentialsOf<Group>(row, n, maximum);
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      out[at[1] + i * outStride] = exponential(row[i] - maximum) / sum;
    }
  }
}

template <class Group>
__device__ inline void logSoftmax(const T* x, T* out, const Walk<2>& rows, long long n,
                                  long long xStride, long long outStride, int staged) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[2];
    locate(rows, r, at);
    Row row = stage<Group>(x + at[0], n, xStride, staged);
    T maximum = maximumOf<Group>(row, n);
    T logSum = (T)log(exponentialsOf<Group>(row, n, maximum));
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      out[at[1] + i * outStride] = row[i] - maximum - logSum;
    }
  }
}

// y (g - sum g y), the row of y in shared memory. rows: y, g, out
template <class Group>
__device__ inline void softmaxPullback(const T* y, const T* g, T* out, const Walk<3>& rows,
                                       long long n, long long yStride, long long gStride,
                                       long long outStride, int staged) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[3];
    locate(rows, r, at);
    Row row = stage<Group>(y + at[0], n, yStride, staged);
    double along = 0;
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      along += (double)g[at[1] + i * gStride] * row[i];
    }
    along = Group::template total<Sum>(along);
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      out[at[2] + i * outStride] = (T)(row[i] * (g[at[1] + i * gStride] - along));
    }
  }
}

// g - exp(y) sum g, the row of g in shared memory. rows: g, y, out
template <class Group>
__device__ inline void logSoftmaxPullback(const T* g, const T* y, T* out, const Walk<3>& rows,
                                          long long n, long long gStride, long long yStride,
                                          long long outStride, int staged) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[3];
    locate(rows, r, at);
    Row row = stage<Group>(g + at[0], n, gStride, staged);
    double sum = 0;
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      sum += row[i];
    }
    sum = Group::template total<Sum>(sum);
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      out[at[2] + i * outStride] = (T)(row[i] - exponential(y[at[1] + i * yStride]) * sum);
    }
  }
}

// Differences and their squares in float64: no cancellation, no overflow. rows: x, out,
// reciprocalStd
template <class Group>
__device__ inline void layerNorm(const T* x, T* out, T* reciprocalStd, const Walk<3>& rows,
                                 long long n, long long xStride, long long outStride, int staged,
                                 double epsilon) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[3];
    locate(rows, r, at);
    Row row = stage<Group>(x + at[0], n, xStride, staged);
    double sum = 0;
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      sum += row[i];
    }
    double mean = Group::template total<Sum>(sum) / n;
    double squares = 0;
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      double d = row[i] - mean;
      squares += d * d;
    }
    double scale = 1 / sqrt(Group::template total<Sum>(squares) / n + epsilon);
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      out[at[1] + i * outStride] = (T)((row[i] - mean) * scale);
    }
    if (Group::thread() == 0) {
      reciprocalStd[at[2]] = (T)scale;
    }
  }
}

// (h - mean h - y mean(h y)) scale with h = g gain, the row of y in shared memory; gain may be
// missing. rows: y, scale, g, out
template <class Group>
__device__ inline void layerNormPullback(const T* y, const T* scale, const T* g, T* out,
                                         const T* gain, const Walk<4>& rows, long long n,
                                         long long yStride, long long gStride,
                                         long long outStride, long long gainStride, int staged) {
  for (long long r = Group::first(); r < rows.count; r += Group::step()) {
    long long at[4];
    locate(rows, r, at);
    Row row = stage<Group>(y + at[0], n, yStride, staged);
    double sum = 0;
    double along = 0;
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      double h = g[at[2] + i * gStride] * (gain ? (double)gain[i * gainStride] : 1);
      sum += h;
      along += h * row[i];
    }
    double mean = Group::template total<Sum>(sum) / n;
    double slope = Group::template total<Sum>(along) / n;
    double factor = scale[at[1]];
    for (long long i = Group::thread(); i < n; i += Group::threads()) {
      double h = g[at[2] + i * gStride] * (gain ? (double)gain[i * gainStride] : 1);
      out[at[3] + i * outStride] = (T)((h - mean - row[i] * slope) * factor);
    }
  }
}

#define ROWS(name, function)                                                                  \
  extern "C" __global__ void name##_warps(const T* x, T* out, const Walk<2> rows, long long n, \
                                          long long xStride, long long outStride,             \
                                          int staged) {                                       \
    function<WarpGroup>(x, out, rows, n, xStride, outStride, staged);                         \
  }                                                                                           \
  extern "C" __global__ void name##_blocks(const T* x, T* out, const Walk<2> rows,            \
                                           long long n, long long xStride,                    \
                                           long long outStride, int staged) {                 \
    function<BlockGroup>(x, out, rows, n, xStride, outStride, staged);                        \
  }

ROWS(softmax, softmax)
ROWS(log_softmax, logSoftmax)

#define ROW_PAIRS(name, function)                                                                 \
  extern "C" __global__ void name##_warps(const T* x, const T* y, T* out, const Walk<3> rows,     \
                                          long long n, long long xStride, long long yStride,      \
                                          long long outStride, int staged) {                      \
    function<WarpGroup>(x, y, out, rows, n, xStride, yStride, outStride, staged);                 \
  }                                                                                               \
  extern "C" __global__ void name##_blocks(const T* x, const T* y, T* out, const Walk<3> rows,    \
                                           long long n, long long xStride, long long yStride,     \
                                           long long outStride, int staged) {                     \
    function<BlockGroup>(x, y, out, rows, n, xStride, yStride, outStride, staged);                \
  }

ROW_PAIRS(softmax_pullback, softmaxPullback)
ROW_PAIRS(log_softmax_pullback, logSoftmaxPullback)

extern "C" __global__ void layer_norm_warps(const T* x, T* out, T* reciprocalStd,
                                            const Walk<3> rows, long long n, long long xStride,
                                            long long outStride, int staged, double epsilon) {
  layerNorm<WarpGroup>(x, out, reciprocalStd, rows, n, xStride, outStride, staged, epsilon);
}

extern "C" __global__ void layer_norm_blocks(const T* x, T* out, T* reciprocalStd,
                                             const Walk<3> rows, long long n, long long xStride,
                                             long long outStride, int staged, double epsilon) {
  layerNorm<BlockGroup>(x, out, reciprocalStd, rows, n, xStride, outStride, staged, epsilon);
}

#define PULLBACK(name, Group)                                                                  \
  extern "C" __global__ void name(const T* y, const T* scale, const T* g, T* out,              \
                                  const T* gain, const Walk<4> rows, long long n,              \
                                  long long yStride, long long gStride, long long outStride,   \
                                  long long gainStride, int staged) {                          \
    layerNormPullback<Group>(y, scale, g, out, gain, rows, n, yStride, gStride, outStride,     \
                             gainStride, staged);                                              \
  }

PULLBACK(layer_norm_pullback_warps, WarpGroup)
PULLBACK(layer_norm_pullback_blocks, BlockGroup)
