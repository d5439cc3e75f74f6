// What surrounds cuSOLVER's and cuBLAS's work on one n x n matrix: checks, and the way into a dense
// float64 matrix and out of it. The dense matrix is row-major; the libraries, which count down the
// columns, see its transpose.
#include "view.cuh"

struct Matrix {
  long long rowStride;
  long long columnStride;
};

// row[0]: smallest index of a row whose lower triangle holds an element that is not finite;
// exponent[0]: largest biased exponent of the others. Begin with n and 0.
extern "C" __global__ void examine(const T* a, const Matrix lie, int n, int* row, int* exponent) {
  for (long long e = firstIndex(); e < (long long)n * n; e += gridThreads()) {
    int i = (int)(e / n);
    int j = (int)(e % n);
    if (j <= i) {
      double x = a[i * lie.rowStride + j * lie.columnStride];
      int biased = (int)((unsigned long long)__double_as_longlong(x) >> 52) & 0x7ff;
      if (biased == 0x7ff) {
        atomicMin(row, i);
      } else {
        atomicMax(exponent, biased);
      }
    }
  }
}

// dense = factor lower(a); above the diagonal 0.
extern "C" __global__ void load_lower(const T* a, const Matrix lie, int n, double factor,
                                      double* dense) {
  for (long long e = firstIndex(); e < (long long)n * n; e += gridThreads()) {
    long long i = e / n;
    long long j = e % n;
    dense[e] = j <= i ? factor * a[i * lie.rowStride + j * lie.columnStride] : 0;
  }
}

// lower = lower(dense), rounded; above the diagonal 0.
extern "C" __global__ void store_lower(const double* dense, int n, T* lower, const Matrix lie) {
  for (long long e = firstIndex(); e < (long long)n * n; e += gridThreads()) {
    long long i = e / n;
    long long j = e % n;
    lower[i * lie.rowStride + j * lie.columnStride] = j <= i ? (T)dense[e] : (T)0;
  }
}

// Eigenvector n - 1 - j, a row of `rows`, becomes column j of `vectors`; its first component of
// largest magnitude, as stored, becomes positive. Value j is scaled back. One block for each j; the
// block is a power of two.
extern "C" __global__ void store_eigen(const double* rows, const double* ascending, int n,
                                       double scale, T* values, long long valueStride, T* vectors,
                                       const Matrix lie) {
  __shared__ T largest[128];
  __shared__ int where[128];
  int t = threadIdx.x;
  for (int j = blockIdx.x; j < n; j += gridDim.x) {
    const double* vector = rows + (long long)(n - 1 - j) * n;
    T best = -1;
    int at = 0;
    for (int i = t; i < n; i += blockDim.x) {
      T magnitude = (T)fabs(vector[i]);
      if (magnitude > best) {
        best = magnitude;
        at = i;
      }
    }
    largest[t] = best;
    where[t] = at;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
      if (t < half) {
        T other = largest[t + half];
        if (other > largest[t] || (other == largest[t] && where[t + half] < where[t])) {
          largest[t] = other;
          where[t] = where[t + half];
        }
      }
      __syncthreads();
    }
    double sign = vector[where[0]] < 0 ? -1.0 : 1.0;
    for (int i = t; i < n; i += blockDim.x) {
      vectors[i * lie.rowStride + j * lie.columnStride] = (T)(sign * vector[i]);
    }
    if (t == 0) {
      values[j * valueStride] = (T)(scale * ascending[n - 1 - j]);
    }
    __syncthreads();
  }
}

// row[0]: smallest i whose diagonal element of dense is not positive and finite. Begin with n.
extern "C" __global__ void check_pivots(const double* dense, int n, int* row) {
  for (long long i = firstIndex(); i < n; i += gridThreads()) {
    double pivot = dense[i * n + i];
    if (!(pivot > 0) || pivot - pivot != 0) {
      atomicMin(row, (int)i);
    }
  }
}

// row[0]: smallest i whose diagonal element of dense is 0. Begin with n.
extern "C" __global__ void check_diagonal(const double* dense, int n, int* row) {
  for (long long i = firstIndex(); i < n; i += gridThreads()) {
    if (dense[i * n + i] == 0) {
      atomicMin(row, (int)i);
    }
  }
}
