// Products with the centred matrix A[i, j] = (scale[j] z[i, j] + shift[j]) + rest[j], which is never
// stored; all sums in float64. A block takes some rows at a time, so that the second use of an
// element finds it in the cache. Blocks have WARPS warps.
#include "view.cuh"
#include "group.cuh"

#define WARPS 8
#define PANEL 16
#define WARP_ROWS (PANEL / WARPS)

struct Centred {
  const T* z;
  const T* columns;  // scale, shift, rest
  long long rows;
  long long width;
  long long rowStride;
  long long columnStride;

  __device__ double at(long long i, long long j) const {
    double x = z[i * rowStride + j * columnStride];
    return columns[j] * x + columns[j + width] + columns[j + 2 * width];
  }
};

// Products of K vectors v [k, width], k <= K, with this warp's rows first .. first + WARP_ROWS - 1;
// each element of v serves all of these rows. The totals are in all lanes.
template <int K>
__device__ inline void multiplyRows(const Centred& a, const double* v, int k, long long first,
                                    double (&totals)[WARP_ROWS][K]) {
  for (int r = 0; r < WARP_ROWS; r++) {
    for (int q = 0; q < K; q++) {
      totals[r][q] = 0;
    }
  }
  for (long long j = threadIdx.x % WARP; j < a.width; j += WARP) {
    double direction[K];
#pragma unroll
    for (int q = 0; q < K; q++) {
      direction[q] = q < k ? v[q * a.width + j] : 0;
    }
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
      if (first + r < a.rows) {
        double x = a.at(first + r, j);
#pragma unroll
        for (int q = 0; q < K; q++) {
          totals[r][q] = fma(x, direction[q], totals[r][q]);
        }
      }
    }
  }
  for (int r = 0; r < WARP_ROWS; r++) {
    for (int q = 0; q < K; q++) {
      totals[r][q] = warpTotal<Sum>(totals[r][q]);
    }
  }
}

// out [k, rows] = v A'
template <int K>
__device__ inline void multiply(const Centred& a, const double* v, double* out, int k) {
  long long warp = firstIndex() / WARP;
  for (long long first = warp * WARP_ROWS; first < a.rows;
       first += gridThreads() / WARP * WARP_ROWS) {
    double totals[WARP_ROWS][K];
    multiplyRows<K>(a, v, k, first, totals);
    if (threadIdx.x % WARP == 0) {
      for (int r = 0; r < WARP_ROWS && first + r < a.rows; r++) {
        for (int q = 0; q < k; q++) {
          out[q * a.rows + first + r] = totals[r][q];
        }
      }
    }
  }
}

// partial [segments, k, width]: for each segment of `length` rows, t A over its rows, where t is
// u [k, rows], or v A' if u is null. A block runs over the panels of its segment: first the panel's
// t, to shared memory, then its share of t A, column by column.
template <int K>
__device__ inline void multiplySegments(const Centred& a, const double* u, const double* v,
                                        double* partial, int k, long long segments,
                                        long long length) {
  __shared__ double t[PANEL][K];
  int warp = threadIdx.x / WARP;
  for (long long s = blockIdx.x; s < segments; s += gridDim.x) {
    double* sums = partial + s * k * a.width;
    long long last = (s + 1) * length < a.rows ? (s + 1) * length : a.rows;
    for (long long first = s * length; first < last; first += PANEL) {
      if (v) {
        double totals[WARP_ROWS][K];
        multiplyRows<K>(a, v, k, first + warp * WARP_ROWS, totals);
        if (threadIdx.x % WARP == 0) {
          for (int r = 0; r < WARP_ROWS; r++) {
            for (int q = 0; q < K; q++) {
              t[warp * WARP_ROWS + r][q] = totals[r][q];
            }
          }
        }
      } else {
        for (int e = threadIdx.x; e < PANEL * K; e += blockDim.x) {
          int r = e / K;
          int q = e % K;
          t[r][q] = q < k && first + r < last ? u[q * a.rows + first + r] : 0;
        }
      }
      __syncthreads();
      int rows = last - first < PANEL ? (int)(last - first) : PANEL;
      for (long long j = threadIdx.x; j < a.width; j += blockDim.x) {
        double sum[K];
#pragma unroll
        for (int q = 0; q < K; q++) {
          sum[q] = 0;
        }
        for (int r = 0; r < rows; r++) {
          double x = a.at(first + r, j);
#pragma unroll
          for (int q = 0; q < K; q++) {
            sum[q] = fma(x, t[r][q], sum[q]);
          }
        }
#pragma unroll
        for (int q = 0; q < K; q++) {
          if (q < k) {
            double before = first == s * length ? 0 : sums[q * a.width + j];
            sums[q * a.width + j] = before + sum[q];
          }
        }
      }
      __syncthreads();
    }
  }
}

#define PRODUCTS(K)                                                                              \
  extern "C" __global__ void multiply_##K(const Centred a, const double* v, double* out,         \
                                          int k) {                                               \
    multiply<K>(a, v, out, k);                                                                   \
  }                                                                                              \
  extern "C" __global__ void segments_##K(const Centred a, const double* u, const double* v,     \
                                          double* partial, int k, long long segments,            \
                                          long long length) {                                    \
    multiplySegments<K>(a, u, v, partial, k, segments, length);                                  \
  }

PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(4)
PRODUCTS(8)

// out [rows, width] = factor weight (A - share (A v) v'); a warp for each few rows
extern "C" __global__ void deflate(const Centred a, const double* v, T* out, double share,
                                   double factor, const T* weight) {
  double scale = factor * *weight;
  long long warp = firstIndex() / WARP;
  for (long long first = warp * WARP_ROWS; first < a.rows;
       first += gridThreads() / WARP * WARP_ROWS) {
    double along[WARP_ROWS][1];
    multiplyRows<1>(a, v, 1, first, along);
    for (int r = 0; r < WARP_ROWS && first + r < a.rows; r++) {
      double part = share * along[r][0];
      for (long long j = threadIdx.x % WARP; j < a.width; j += WARP) {
        out[(first + r) * a.width + j] = (T)(scale * (a.at(first + r, j) - part * v[j]));
      }
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
