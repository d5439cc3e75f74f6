// Products with the centred matrix A[i, j] = (scale[j] z[i, j] + shift[j]) + rest[j], which is never
// stored as a whole. Elements of A, products and sums of up to 4096 of them are of z's type, longer
// sums float64. Where a product is used twice, the block keeps its part of A in shared memory, or, if
// `tile` is null, forms it again from the cache: the same numbers. Blocks have WARPS warps.
#include "view.cuh"
#include "functions.cuh"
#include "group.cuh"

#define WARPS 8
#define THREADS (WARPS * WARP)
#define PANEL 16
#define WARP_ROWS (PANEL / WARPS)
#define AHEAD 4
// positions of a result whose totals a thread can keep in registers
#define KEPT 4
#define LONGEST_SUM 4096

struct Centred {
  const T* z;
  const T* columns;  // scale, shift, rest
  long long rows;
  long long width;
  long long rowStride;
  long long columnStride;

  __device__ T raw(long long i, long long j) const { return z[i * rowStride + j * columnStride]; }
  __device__ T centre(T x, long long j) const {
    return columns[j] * x + columns[j + width] + columns[j + 2 * width];
  }
  __device__ T at(long long i, long long j) const { return centre(raw(i, j), j); }
};

// Shared memory for a part of A, if the launch has brought some.
__device__ inline T* sharedTile(int staged) {
  extern __shared__ double staging[];
  return staged ? (T*)staging : 0;
}

// Adds the products of K vectors v [k, width], k <= K, with columns j, j + WARP, ... of some rows, so
// many columns at once that their loads overlap.
template <int K, int COUNT>
__device__ inline void addProducts(const Centred& a, const double* v, int k, long long first,
                                   int rows, long long j, T* tile, T (&sums)[WARP_ROWS][K]) {
  T x[COUNT][WARP_ROWS];
#pragma unroll
  for (int c = 0; c < COUNT; c++) {
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
      x[c][r] = r < rows ? a.raw(first + r, j + c * WARP) : (T)0;
    }
  }
#pragma unroll
  for (int c = 0; c < COUNT; c++) {
    long long column = j + c * WARP;
    T direction[K];
#pragma unroll
    for (int q = 0; q < K; q++) {
      direction[q] = q < k ? (T)v[q * a.width + column] : (T)0;
    }
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
      T element = a.centre(x[c][r], column);
      if (tile) {
        tile[r * a.width + column] = element;
      }
#pragma unroll
      for (int q = 0; q < K; q++) {
        sums[r][q] = fused(element, direction[q], sums[r][q]);
      }
    }
  }
}

// Products of K vectors v [k, width], k <= K, with up to WARP_ROWS rows from `first` on, by one warp;
// the rows go to `tile` unless that is null. The totals are in all lanes, those of rows that are not
// there of no meaning.
template <int K>
__device__ inline void multiplyRows(const Centred& a, const double* v, int k, long long first,
                                    int rows, T* tile, double (&totals)[WARP_ROWS][K]) {
#pragma unroll
  for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
    for (int q = 0; q < K; q++) {
      totals[r][q] = 0;
    }
  }
  for (long long from = 0; from < a.width; from += LONGEST_SUM * WARP) {
    long long end = a.width - from < LONGEST_SUM * WARP ? a.width : from + LONGEST_SUM * WARP;
    T sums[WARP_ROWS][K];
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
      for (int q = 0; q < K; q++) {
        sums[r][q] = 0;
      }
    }
    long long j = from + threadIdx.x % WARP;
    for (; j + (AHEAD - 1) * WARP < end; j += AHEAD * WARP) {
      addProducts<K, AHEAD>(a, v, k, first, rows, j, tile, sums);
    }
    for (; j < end; j += WARP) {
      addProducts<K, 1>(a, v, k, first, rows, j, tile, sums);
    }
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
      for (int q = 0; q < K; q++) {
        totals[r][q] += sums[r][q];
      }
    }
  }
#pragma unroll
  for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
    for (int q = 0; q < K; q++) {
      totals[r][q] = warpTotal<Sum>(totals[r][q]);
    }
  }
}

__device__ inline int rowsFrom(long long first, long long last, int most) {
  return last - first >= most ? most : last > first ? (int)(last - first) : 0;
}

// out [k, rows] = v A'
template <int K>
__device__ inline void multiply(const Centred& a, const double* v, double* out, int k) {
  long long warp = firstIndex() / WARP;
  for (long long first = warp * WARP_ROWS; first < a.rows;
       first += gridThreads() / WARP * WARP_ROWS) {
    int rows = rowsFrom(first, a.rows, WARP_ROWS);
    double totals[WARP_ROWS][K];
    multiplyRows<K>(a, v, k, first, rows, 0, totals);
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
      for (int q = 0; q < K; q++) {
        if (threadIdx.x % WARP == 0 && r < rows && q < k) {
          out[q * a.rows + first + r] = totals[r][q];
        }
      }
    }
  }
}

// The totals of a block's positions threadIdx.x + m THREADS: in registers if there are no more than
// KEPT for each thread, else in memory.
template <int K>
struct Running {
  double* sums;  // [k, length]
  long long length;
  int k;
  double kept[KEPT][K];

  __device__ Running(double* to, long long n, int vectors) : sums(to), length(n), k(vectors) {
#pragma unroll
    for (int m = 0; m < KEPT; m++) {
#pragma unroll
      for (int q = 0; q < K; q++) {
        kept[m][q] = 0;
      }
    }
  }

  __device__ bool isKept() const { return length <= KEPT * THREADS; }

  __device__ void addToMemory(long long at, const T (&sum)[K], bool first) {
#pragma unroll
    for (int q = 0; q < K; q++) {
      if (q < k) {
        sums[q * length + at] = (first ? 0 : sums[q * length + at]) + sum[q];
      }
    }
  }

  __device__ void finish() {
#pragma unroll
    for (int m = 0; m < KEPT; m++) {
      long long at = threadIdx.x + m * THREADS;
#pragma unroll
      for (int q = 0; q < K; q++) {
        if (isKept() && at < length && q < k) {
          sums[q * length + at] = kept[m][q];
        }
      }
    }
  }
};

// Adds source.sum(position) to every position of the running totals.
template <int K, class Source>
__device__ inline void addPanel(Running<K>& running, const Source& source, bool first) {
  if (running.isKept()) {
#pragma unroll
    for (int m = 0; m < KEPT; m++) {
      long long at = threadIdx.x + m * THREADS;
      if (at < running.length) {
        T sum[K];
        source.sum(at, sum);
#pragma unroll
        for (int q = 0; q < K; q++) {
          running.kept[m][q] += sum[q];
        }
      }
    }
  } else {
    for (long long at = threadIdx.x; at < running.length; at += THREADS) {
      T sum[K];
      source.sum(at, sum);
      running.addToMemory(at, sum, first);
    }
  }
}

// t A of a panel: sums down the columns of `rows` rows from `first` on.
template <int K>
struct Columns {
  const Centred& a;
  const T (&t)[PANEL][K];
  const T* tile;
  long long first;
  int rows;

  __device__ void sum(long long j, T (&sum)[K]) const {
#pragma unroll
    for (int q = 0; q < K; q++) {
      sum[q] = 0;
    }
    if (tile) {
#pragma unroll 2
      for (int r = 0; r < rows; r++) {
        add(tile[r * a.width + j], r, sum);
      }
    } else {
#pragma unroll 8
      for (int r = 0; r < rows; r++) {
        add(a.at(first + r, j), r, sum);
      }
    }
  }

  __device__ void add(T x, int r, T (&sum)[K]) const {
#pragma unroll
    for (int q = 0; q < K; q++) {
      sum[q] = fused(x, t[r][q], sum[q]);
    }
  }
};

// partial [segments, k, width]: for each segment of `length` rows, t A over its rows, where t is
// u [k, rows], or v A' if u is null. A block runs over the panels of its segment: first the panel's
// t, then its sums down the columns.
template <int K>
__device__ inline void multiplySegments(const Centred& a, const double* u, const double* v,
                                        double* partial, int k, long long segments,
                                        long long length, int staged) {
  __shared__ T t[PANEL][K];
  T* tile = sharedTile(staged);
  int warp = threadIdx.x / WARP;
  for (long long s = blockIdx.x; s < segments; s += gridDim.x) {
    Running<K> running(partial + s * k * a.width, a.width, k);
    long long begin = s * length;
    long long end = begin + length < a.rows ? begin + length : a.rows;
    for (long long first = begin; first < end; first += PANEL) {
      if (v) {
        int r0 = warp * WARP_ROWS;
        double totals[WARP_ROWS][K];
        multiplyRows<K>(a, v, k, first + r0, rowsFrom(first + r0, end, WARP_ROWS),
                        tile ? tile + r0 * a.width : 0, totals);
        if (threadIdx.x % WARP == 0) {
#pragma unroll
          for (int r = 0; r < WARP_ROWS; r++) {
#pragma unroll
            for (int q = 0; q < K; q++) {
              t[r0 + r][q] = (T)totals[r][q];
            }
          }
        }
      } else {
        for (int e = threadIdx.x; e < PANEL * K; e += THREADS) {
          int r = e / K;
          int q = e % K;
          t[r][q] = q < k && first + r < end ? (T)u[q * a.rows + first + r] : (T)0;
        }
      }
      __syncthreads();
      Columns<K> columns{a, t, tile, first, rowsFrom(first, end, PANEL)};
      addPanel(running, columns, first == begin);
      // nobody may bring the next panel before everybody has used this one
      __syncthreads();
    }
    running.finish();
  }
}

// Elements from one row of a tile of PANEL columns to the next: rows begin at 16-byte boundaries, and
// eight of them that follow each other on different banks.
#define PITCH (PANEL + 16 / (int)sizeof(T))

// t A' of a panel: sums along the rows of `columns` columns from `first` on.
template <int K>
struct Rows {
  const Centred& a;
  const T (&t)[PANEL][K];
  const T* tile;
  long long first;
  int columns;

  __device__ void sum(long long i, T (&sum)[K]) const {
#pragma unroll
    for (int q = 0; q < K; q++) {
      sum[q] = 0;
    }
#pragma unroll 4
    for (int c = 0; c < columns; c++) {
      T x = tile ? tile[i * PITCH + c] : a.at(i, first + c);
#pragma unroll
      for (int q = 0; q < K; q++) {
        sum[q] = fused(x, t[c][q], sum[q]);
      }
    }
  }
};

// u A of a panel of columns: thread t has column t % PANEL and every (THREADS / PANEL)th row, and
// keeps A in the tile unless that is null. The block's totals go to t.
template <int K>
__device__ inline void multiplyColumns(const Centred& a, const double* u, int k, long long first,
                                       int columns, T* tile, T (&t)[PANEL][K]) {
  __shared__ double shares[WARPS][PANEL][K];
  const int step = THREADS / PANEL;
  int c = threadIdx.x % PANEL;
  double totals[K];
#pragma unroll
  for (int q = 0; q < K; q++) {
    totals[q] = 0;
  }
  if (c < columns) {
    long long j = first + c;
    for (long long from = 0; from < a.rows; from += LONGEST_SUM * step) {
      long long end = a.rows - from < LONGEST_SUM * step ? a.rows : from + LONGEST_SUM * step;
      T sums[K];
#pragma unroll
      for (int q = 0; q < K; q++) {
        sums[q] = 0;
      }
#pragma unroll 4
      for (long long i = from + threadIdx.x / PANEL; i < end; i += step) {
        T x = a.at(i, j);
        if (tile) {
          tile[i * PITCH + c] = x;
        }
#pragma unroll
        for (int q = 0; q < K; q++) {
          sums[q] = fused(x, q < k ? (T)u[q * a.rows + i] : (T)0, sums[q]);
        }
      }
#pragma unroll
      for (int q = 0; q < K; q++) {
        totals[q] += sums[q];
      }
    }
  }
#pragma unroll
  for (int q = 0; q < K; q++) {
    // the warp's two rows
    totals[q] += __shfl_down_sync(ALL_LANES, totals[q], PANEL);
    if (threadIdx.x % WARP < PANEL) {
      shares[threadIdx.x / WARP][c][q] = totals[q];
    }
  }
  __syncthreads();
  for (int e = threadIdx.x; e < PANEL * K; e += THREADS) {
    double total = shares[0][e / K][e % K];
    for (int w = 1; w < WARPS; w++) {
      total += shares[w][e / K][e % K];
    }
    t[e / K][e % K] = (T)total;
  }
  __syncthreads();
}

// partial [segments, k, rows]: for each segment of `length` columns, u A A' of its columns. A block
// runs over the panels of its segment, each of all rows.
template <int K>
__device__ inline void multiplyRowSegments(const Centred& a, const double* u, double* partial,
                                           int k, long long segments, long long length,
                                           int staged) {
  __shared__ T t[PANEL][K];
  T* tile = sharedTile(staged);
  for (long long s = blockIdx.x; s < segments; s += gridDim.x) {
    Running<K> running(partial + s * k * a.rows, a.rows, k);
    long long begin = s * length;
    long long end = begin + length < a.width ? begin + length : a.width;
    for (long long first = begin; first < end; first += PANEL) {
      int columns = rowsFrom(first, end, PANEL);
      multiplyColumns<K>(a, u, k, first, columns, tile, t);
      addPanel(running, Rows<K>{a, t, tile, first, columns}, first == begin);
      __syncthreads();
    }
    running.finish();
  }
}

// At least `blocks` of them shall find registers on a multiprocessor.
#define PRODUCTS(K, blocks)                                                                      \
  extern "C" __global__ void __launch_bounds__(THREADS, blocks)                                  \
      multiply_##K(const Centred a, const double* v, double* out, int k) {                       \
    multiply<K>(a, v, out, k);                                                                   \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(THREADS, blocks)                                  \
      segments_##K(const Centred a, const double* u, const double* v, double* partial, int k,    \
                   long long segments, long long length, int staged) {                           \
    multiplySegments<K>(a, u, v, partial, k, segments, length, staged);                          \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(THREADS, blocks)                                  \
      row_segments_##K(const Centred a, const double* u, double* partial, int k,                 \
                       long long segments, long long length, int staged) {                       \
    multiplyRowSegments<K>(a, u, partial, k, segments, length, staged);                          \
  }

PRODUCTS(1, 3)
PRODUCTS(2, 2)
PRODUCTS(4, 8 / sizeof(T))
PRODUCTS(8, 1)

// out [rows, width] = factor weight (A - share (A v) v'); a warp for each few rows, each lane reads
// from the tile what it has brought itself
extern "C" __global__ void deflate(const Centred a, const double* v, T* out, double share,
                                   double factor, const T* weight, int staged) {
  T scale = (T)(factor * *weight);
  T* tile = sharedTile(staged);
  if (tile) {
    tile += threadIdx.x / WARP * WARP_ROWS * a.width;
  }
  long long warp = firstIndex() / WARP;
  for (long long first = warp * WARP_ROWS; first < a.rows;
       first += gridThreads() / WARP * WARP_ROWS) {
    int rows = rowsFrom(first, a.rows, WARP_ROWS);
    double along[WARP_ROWS][1];
    multiplyRows<1>(a, v, 1, first, rows, tile, along);
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
      if (r < rows) {
        T part = (T)(share * along[r][0]);
#pragma unroll 4
        for (long long j = threadIdx.x % WARP; j < a.width; j += WARP) {
          T x = tile ? tile[r * a.width + j] : a.at(first + r, j);
          out[(first + r) * a.width + j] = scale * (x - part * (T)v[j]);
        }
      }
    }
  }
}

#define COMBINED 8
#define COMBINED_ROWS (THREADS / COMBINED)

// The first `sums` columns of partial [segments, n] added up, of the next (n - sums) / 2 the
// smallest, of the rest the largest element.
extern "C" __global__ void combine(const double* partial, double* out, long long n, long long sums,
                                   long long segments) {
  __shared__ double shares[COMBINED_ROWS][COMBINED];
  int tx = threadIdx.x % COMBINED;
  int ty = threadIdx.x / COMBINED;
  for (long long b = blockIdx.x; b * COMBINED < n; b += gridDim.x) {
    long long j = b * COMBINED + tx;
    bool adds = j < sums;
    bool least = j < sums + (n - sums) / 2;
    double total = adds ? 0 : least ? Min::identity() : Max::identity();
    if (j < n) {
#pragma unroll 4
      for (long long s = ty; s < segments; s += COMBINED_ROWS) {
        double x = partial[s * n + j];
        total = adds ? total + x : least ? Min::combine(total, x) : Max::combine(total, x);
      }
    }
    shares[ty][tx] = total;
    __syncthreads();
    for (int half = COMBINED_ROWS / 2; half > 0; half /= 2) {
      if (ty < half) {
        double x = shares[ty + half][tx];
        total = adds ? total + x : least ? Min::combine(total, x) : Max::combine(total, x);
        shares[ty][tx] = total;
      }
      __syncthreads();
    }
    if (ty == 0 && j < n) {
      out[j] = total;
    }
  }
}

#define COLUMNS 32
#define COLUMN_ROWS 8

// partial [segments, 4, width]: sum of z - pivot, of its square, smallest and largest element, for
// each segment of `length` rows. Needs blocks of COLUMNS * COLUMN_ROWS threads.
extern "C" __global__ void column_moments(const T* z, const T* pivot, double* partial,
                                          long long rows, long long width, long long rowStride,
                                          long long columnStride, long long pivotStride,
                                          long long segments, long long length) {
  __shared__ double shares[COLUMN_ROWS][4][COLUMNS];
  int tx = threadIdx.x % COLUMNS;
  int ty = threadIdx.x / COLUMNS;
  long long tiles = (width + COLUMNS - 1) / COLUMNS;
  for (long long b = blockIdx.x; b < tiles * segments; b += gridDim.x) {
    long long j = b % tiles * COLUMNS + tx;
    long long s = b / tiles;
    long long last = (s + 1) * length < rows ? (s + 1) * length : rows;
    double sum = 0;
    double squares = 0;
    double least = Min::identity();
    double most = Max::identity();
    if (j < width) {
      double centre = pivot[j * pivotStride];
#pragma unroll 4
      for (long long i = s * length + ty; i < last; i += COLUMN_ROWS) {
        double x = z[i * rowStride + j * columnStride];
        double difference = x - centre;
        sum += difference;
        squares = fma(difference, difference, squares);
        least = Min::combine(least, x);
        most = Max::combine(most, x);
      }
    }
    shares[ty][0][tx] = sum;
    shares[ty][1][tx] = squares;
    shares[ty][2][tx] = least;
    shares[ty][3][tx] = most;
    __syncthreads();
    if (ty == 0 && j < width) {
      for (int r = 1; r < COLUMN_ROWS; r++) {
        sum += shares[r][0][tx];
        squares += shares[r][1][tx];
        least = Min::combine(least, shares[r][2][tx]);
        most = Max::combine(most, shares[r][3][tx]);
      }
      double* to = partial + s * 4 * width + j;
      to[0] = sum;
      to[width] = squares;
      to[2 * width] = least;
      to[3 * width] = most;
    }
    __syncthreads();
  }
}
