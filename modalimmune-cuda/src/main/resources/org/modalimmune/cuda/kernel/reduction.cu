// Reductions. Partial results are float64, in an order that is fixed by the operands' layout: a
// thread adds its elements in four running totals, the threads of a block meet in a tree, and long
// reductions are cut in segments, whose totals a second launch combines.
#include "view.cuh"
#include "group.cuh"

// Four elements from 4 q on, by 16 bytes at a time where they begin at such a boundary.
template <class E>
__device__ inline Pack<E> quadOf(const E* x, long long q, bool packed) {
  if (packed) {
    return ((const Pack<E>*)x)[q];
  }
  Pack<E> quad;
#pragma unroll
  for (int l = 0; l < LANES; l++) {
    quad.lane[l] = x[q * LANES + l];
  }
  return quad;
}

// What a block adds up: element i of one output's row, or four of them.
template <class E>
struct Row {
  const E* x;
  bool packed;

  __device__ explicit Row(const E* first) : x(first), packed(aligned(first)) {}
  __device__ double at(long long i) const { return x[i]; }
  __device__ void quad(long long q, double (&out)[LANES]) const {
    Pack<E> four = quadOf(x, q, packed);
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      out[l] = four.lane[l];
    }
  }
};

struct Products {
  const T* a;
  const T* b;
  bool packed;

  __device__ Products(const T* left, const T* right)
      : a(left), b(right), packed(aligned(left) && aligned(right)) {}
  __device__ double at(long long i) const { return (double)a[i] * (double)b[i]; }
  __device__ void quad(long long q, double (&out)[LANES]) const {
    Pack<T> left = quadOf(a, q, packed);
    Pack<T> right = quadOf(b, q, packed);
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      out[l] = (double)left.lane[l] * (double)right.lane[l];
    }
  }
};

// One thread's share of n elements that lie densely: quads go round the threads.
template <class Op, class Source>
__device__ inline double denseShare(const Source& row, long long n, int thread, int threads) {
  double share[LANES];
  for (int l = 0; l < LANES; l++) {
    share[l] = Op::identity();
  }
  long long quads = n / LANES;
#pragma unroll 4
  for (long long q = thread; q < quads; q += threads) {
    double four[LANES];
    row.quad(q, four);
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      share[l] = Op::combine(share[l], four[l]);
    }
  }
  if (quads * LANES + thread < n && thread < LANES) {
    share[0] = Op::combine(share[0], row.at(quads * LANES + thread));
  }
  return Op::combine(Op::combine(share[0], share[1]), Op::combine(share[2], share[3]));
}

// One thread's share of the positions first .. last - 1 of a walk.
template <class Op>
__device__ inline double walkedShare(const T* x, const Walk<1>& walk, long long first,
                                     long long last, int thread, int threads) {
  double share = Op::identity();
  for (long long i = first + thread; i < last; i += threads) {
    long long at[1];
    locate(walk, i, at);
    share = Op::combine(share, x[at[0]]);
  }
  return share;
}

template <class Op>
__device__ inline double share(const T* x, const Walk<1>& reduced, long long first, long long last,
                               int thread, int threads) {
  if (reduced.rank == 1 && reduced.strides[0][0] == 1) {
    return denseShare<Op>(Row<T>(x + first), last - first, thread, threads);
  }
  return walkedShare<Op>(x, reduced, first, last, thread, threads);
}

// A warp for each output. kept: x, out
template <class Op>
__device__ inline void reduceByWarps(const T* x, T* out, const Walk<2>& kept,
                                     const Walk<1>& reduced) {
  int lane = threadIdx.x % WARP;
  for (long long k = firstIndex() / WARP; k < kept.count; k += gridThreads() / WARP) {
    long long at[2];
    locate(kept, k, at);
    double total = warpTotal<Op>(share<Op>(x + at[0], reduced, 0, reduced.count, lane, WARP));
    if (lane == 0) {
      out[at[1]] = (T)total;
    }
  }
}

// A block for each segment of each output: partial[k * segments + s], or the output itself where
// there is one segment.
template <class Op>
__device__ inline void reduceByBlocks(const T* x, T* out, double* partial, const Walk<2>& kept,
                                      const Walk<1>& reduced, long long segments,
                                      long long length) {
  for (long long b = blockIdx.x; b < kept.count * segments; b += gridDim.x) {
    long long at[2];
    locate(kept, b / segments, at);
    long long first = b % segments * length;
    long long last = first + length < reduced.count ? first + length : reduced.count;
    double total =
        blockTotal<Op>(share<Op>(x + at[0], reduced, first, last, threadIdx.x, blockDim.x));
    if (threadIdx.x == 0) {
      if (segments == 1) {
        out[at[1]] = (T)total;
      } else {
        partial[b] = total;
      }
    }
  }
}

#define COLUMNS 32
#define COLUMN_ROWS 8
#define RUNNING 4

// Outputs side by side: a block takes COLUMNS of them and one segment of rows; neighbouring
// threads read neighbouring elements. Needs blocks of COLUMNS * COLUMN_ROWS threads.
template <class Op>
__device__ inline void reduceColumns(const T* x, T* out, double* partial, const Walk<2>& kept,
                                     const Walk<1>& reduced, long long segments,
                                     long long length) {
  __shared__ double shares[COLUMN_ROWS][COLUMNS];
  int tx = threadIdx.x % COLUMNS;
  int ty = threadIdx.x / COLUMNS;
  long long tiles = (kept.count + COLUMNS - 1) / COLUMNS;
  for (long long b = blockIdx.x; b < tiles * segments; b += gridDim.x) {
    long long k = b % tiles * COLUMNS + tx;
    long long s = b / tiles;
    long long last = (s + 1) * length < reduced.count ? (s + 1) * length : reduced.count;
    long long at[2] = {0, 0};
    double running[RUNNING];
    for (int j = 0; j < RUNNING; j++) {
      running[j] = Op::identity();
    }
    if (k < kept.count) {
      locate(kept, k, at);
      for (long long i = s * length + ty; i < last; i += COLUMN_ROWS * RUNNING) {
#pragma unroll
        for (int j = 0; j < RUNNING; j++) {
          if (i + j * COLUMN_ROWS < last) {
            long long row[1];
            locate(reduced, i + j * COLUMN_ROWS, row);
            running[j] = Op::combine(running[j], x[at[0] + row[0]]);
          }
        }
      }
    }
    shares[ty][tx] =
        Op::combine(Op::combine(running[0], running[1]), Op::combine(running[2], running[3]));
    __syncthreads();
    if (ty == 0 && k < kept.count) {
      double total = shares[0][tx];
      for (int j = 1; j < COLUMN_ROWS; j++) {
        total = Op::combine(total, shares[j][tx]);
      }
      if (segments == 1) {
        out[at[1]] = (T)total;
      } else {
        partial[k * segments + s] = total;
      }
    }
    __syncthreads();
  }
}

// A warp for each output: the totals of its segments.
template <class Op>
__device__ inline void combineSegments(const double* partial, T* out, const Walk<2>& kept,
                                       long long segments) {
  int lane = threadIdx.x % WARP;
  for (long long k = firstIndex() / WARP; k < kept.count; k += gridThreads() / WARP) {
    long long at[2];
    locate(kept, k, at);
    double total = warpTotal<Op>(
        denseShare<Op>(Row<double>(partial + k * segments), segments, lane, WARP));
    if (lane == 0) {
      out[at[1]] = (T)total;
    }
  }
}

#define REDUCTION(name, Op)                                                                    \
  extern "C" __global__ void name##_warps(const T* x, T* out, const Walk<2> kept,              \
                                          const Walk<1> reduced) {                             \
    reduceByWarps<Op>(x, out, kept, reduced);                                                  \
  }                                                                                            \
  extern "C" __global__ void name##_blocks(const T* x, T* out, double* partial,                \
                                           const Walk<2> kept, const Walk<1> reduced,          \
                                           long long segments, long long length) {             \
    reduceByBlocks<Op>(x, out, partial, kept, reduced, segments, length);                      \
  }                                                                                            \
  extern "C" __global__ void name##_columns(const T* x, T* out, double* partial,               \
                                            const Walk<2> kept, const Walk<1> reduced,         \
                                            long long segments, long long length) {            \
    reduceColumns<Op>(x, out, partial, kept, reduced, segments, length);                       \
  }                                                                                            \
  extern "C" __global__ void name##_combine(const double* partial, T* out, const Walk<2> kept, \
                                            long long segments) {                              \
    combineSegments<Op>(partial, out, kept, segments);                                         \
  }

REDUCTION(SUM, Sum)
REDUCTION(MAX, Max)
REDUCTION(MIN, Min)

// A block for each segment of an inner product; SUM_combine adds the segments.
__device__ inline void finishDot(double total, T* out, double* partial, long long segment,
                                 long long segments) {
  if (threadIdx.x == 0) {
    if (segments == 1) {
      *out = (T)total;
    } else {
      partial[segment] = total;
    }
  }
}

extern "C" __global__ void dot_dense(const T* a, const T* b, T* out, double* partial, long long n,
                                     long long segments, long long length) {
  for (long long s = blockIdx.x; s < segments; s += gridDim.x) {
    long long first = s * length;
    long long rest = n - first < length ? n - first : length;
    double total = blockTotal<Sum>(
        denseShare<Sum>(Products(a + first, b + first), rest, threadIdx.x, blockDim.x));
    finishDot(total, out, partial, s, segments);
  }
}

extern "C" __global__ void dot_strided(const T* a, const T* b, T* out, double* partial,
                                       const Walk<2> walk, long long segments,
                                       long long length) {
  for (long long s = blockIdx.x; s < segments; s += gridDim.x) {
    long long last = (s + 1) * length < walk.count ? (s + 1) * length : walk.count;
    double share = 0;
    for (long long i = s * length + threadIdx.x; i < last; i += blockDim.x) {
      long long at[2];
      locate(walk, i, at);
      share += (double)a[at[0]] * (double)b[at[1]];
    }
    finishDot(blockTotal<Sum>(share), out, partial, s, segments);
  }
}
