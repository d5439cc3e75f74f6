// libcublas: matrix products and triangular solves as plain loops that check their arguments. Signatures and codes as in
// NVIDIA's cublas_api.h; matrices are column-major.
#include <cstdint>
#include <cstring>
#include <set>

#include "software.h"

namespace {

using software::known;

enum cublasStatus : int {
  CUBLAS_STATUS_SUCCESS = 0,
  CUBLAS_STATUS_NOT_INITIALIZED = 1,
  CUBLAS_STATUS_INVALID_VALUE = 7,
  CUBLAS_STATUS_EXECUTION_FAILED = 13,
  CUBLAS_STATUS_NOT_SUPPORTED = 15,
};

enum Operation : int { CUBLAS_OP_N = 0, CUBLAS_OP_T = 1, CUBLAS_OP_C = 2 };
enum MathMode : int { CUBLAS_DEFAULT_MATH = 0, CUBLAS_PEDANTIC_MATH = 2, CUBLAS_TF32_TENSOR_OP_MATH = 3 };
enum DataType : int { CUDA_R_32F = 0, CUDA_R_64F = 1, CUDA_R_16BF = 14 };
enum ComputeType : int {
  CUBLAS_COMPUTE_32F = 68,
  CUBLAS_COMPUTE_32F_PEDANTIC = 69,
  CUBLAS_COMPUTE_64F = 70,
  CUBLAS_COMPUTE_64F_PEDANTIC = 71,
  CUBLAS_COMPUTE_32F_FAST_16BF = 75,
  CUBLAS_COMPUTE_32F_FAST_TF32 = 77,
};

struct Handle {
  void *stream = nullptr;
  int math = CUBLAS_DEFAULT_MATH;
};

std::set<Handle *> &handles() {
  static std::set<Handle *> all;
  return all;
}

bool isHandle(Handle *handle) { return handles().count(handle) != 0; }

// Bits of a float's fraction that the inputs of a product keep.
enum class Keep { All = 23, Tf32 = 10, Bf16 = 7 };

template <class T> T rounded(T x, Keep) { return x; }

// To nearest, ties to even, on the bits; NaN and infinity stay.
template <> float rounded(float x, Keep keep) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  int dropped = 23 - static_cast<int>(keep);
  if (dropped > 0 && (bits & 0x7f800000u) != 0x7f800000u) {
    bits += (1u << (dropped - 1)) - 1 + (bits >> dropped & 1);
    bits &= ~0u << dropped;
    std::memcpy(&x, &bits, sizeof x);
  }
  return x;
}

template <class T> struct Matrix {
  T *at;
  int64_t leading;
  bool transposed;

  T operator()(int64_t row, int64_t column) const {
    return transposed ? at[column + row * leading] : at[row + column * leading];
  }
};

// Elements from a matrix's first to its last one.
int64_t extent(int64_t rows, int64_t columns, int64_t leading) {
  return rows == 0 || columns == 0 ? 0 : (columns - 1) * leading + rows;
}

template <class T> bool holds(const T *at, int64_t rows, int64_t columns, int64_t leading, int64_t stride, int64_t batch) {
  int64_t elements = extent(rows, columns, leading);
  return elements == 0 || batch == 0 || known(at, static_cast<size_t>((batch - 1) * stride + elements) * sizeof(T));
}

bool isOperation(int op) { return op >= CUBLAS_OP_N && op <= CUBLAS_OP_C; }

template <class T> struct Product {
  int opA, opB;
  int64_t m, n, k;
  T alpha;
  const T *a;
  int64_t lda, strideA;
  const T *b;
  int64_t ldb, strideB;
  T beta;
  T *c;
  int64_t ldc, strideC;
  int64_t batch;
  Keep keep;

  bool sizesFit() const {
    int64_t rowsA = opA == CUBLAS_OP_N ? m : k;
    int64_t rowsB = opB == CUBLAS_OP_N ? k : n;
    return isOperation(opA) && isOperation(opB) && m >= 0 && n >= 0 && k >= 0 && batch >= 0 && lda >= (rowsA > 1 ? rowsA : 1) &&
           ldb >= (rowsB > 1 ? rowsB : 1) && ldc >= (m > 1 ? m : 1) && strideA >= 0 && strideB >= 0;
  }

  bool memoryHolds() const {
    bool plainA = opA == CUBLAS_OP_N;
    bool plainB = opB == CUBLAS_OP_N;
    return holds(a, plainA ? m : k, plainA ? k : m, lda, strideA, batch) &&
           holds(b, plainB ? k : n, plainB ? n : k, ldb, strideB, batch) && holds(c, m, n, ldc, strideC, batch);
  }

  void run() const {
    for (int64_t i = 0; i < batch; i++) {
      one({const_cast<T *>(a) + i * strideA, lda, opA != CUBLAS_OP_N}, {const_cast<T *>(b) + i * strideB, ldb, opB != CUBLAS_OP_N},
          c + i * strideC);
    }
  }

 private:
  void one(Matrix<T> left, Matrix<T> right, T *out) const {
    for (int64_t column = 0; column < n; column++) {
      for (int64_t row = 0; row < m; row++) {
        T sum = 0;
        for (int64_t inner = 0; inner < k; inner++) {
          sum += rounded(left(row, inner), keep) * rounded(right(inner, column), keep);
        }
        T &element = out[row + column * ldc];
        // With beta 0 the result is not read, whatever lies there.
        element = beta == 0 ? alpha * sum : alpha * sum + beta * element;
      }
    }
  }
};

template <class T> int product(Handle *handle, const Product<T> &asked) {
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  if (!asked.sizesFit() || !asked.memoryHolds()) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  CUresult result = software::enqueue(handle->stream, [asked]() -> CUresult {
    if (!asked.memoryHolds()) {
      return software::failed(CUDA_ERROR_ILLEGAL_ADDRESS, "gemm: memory was freed before the product ran");
    }
    asked.run();
    return CUDA_SUCCESS;
  });
  return result ? CUBLAS_STATUS_EXECUTION_FAILED : CUBLAS_STATUS_SUCCESS;
}

Keep keptBy(const Handle *handle) {
  return isHandle(const_cast<Handle *>(handle)) && handle->math == CUBLAS_TF32_TENSOR_OP_MATH ? Keep::Tf32 : Keep::All;
}

template <class T> struct Solve {
  bool left, lower, transposed, unit;
  int64_t m, n;
  T alpha;
  const T *a;
  int64_t lda;
  T *b;
  int64_t ldb;

  int64_t order() const { return left ? m : n; }

  bool sizesFit() const {
    return m >= 0 && n >= 0 && lda >= (order() > 1 ? order() : 1) && ldb >= (m > 1 ? m : 1);
  }

  bool memoryHolds() const {
    return holds(a, order(), order(), lda, int64_t(0), int64_t(1)) && holds(b, m, n, ldb, int64_t(0), int64_t(1));
  }

  // op(A) X = alpha B, or X op(A) = alpha B, which is op(A)' X' = alpha B'.
  void run() const {
    bool plain = transposed != left;
    Matrix<T> matrix{const_cast<T *>(a), lda, !plain};
    bool forward = lower == plain;
    int64_t others = left ? n : m;
    for (int64_t j = 0; j < others; j++) {
      for (int64_t step = 0; step < order(); step++) {
        int64_t i = forward ? step : order() - 1 - step;
        T sum = alpha * element(i, j);
        for (int64_t before = 0; before < step; before++) {
          int64_t k = forward ? before : order() - 1 - before;
          sum -= matrix(i, k) * element(k, j);
        }
        element(i, j) = unit ? sum : sum / matrix(i, i);
      }
    }
  }

 private:
  T &element(int64_t i, int64_t j) const { return left ? b[i + j * ldb] : b[j + i * ldb]; }
};

template <class T>
int solve(Handle *handle, int side, int fill, int op, int diagonal, int m, int n, const T *alpha, const T *a, int lda, T *b,
          int ldb) {
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  if (side < 0 || side > 1 || fill < 0 || fill > 1 || !isOperation(op) || diagonal < 0 || diagonal > 1 || !alpha) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  Solve<T> asked{side == 0, fill == 0, op != CUBLAS_OP_N, diagonal == 1, m, n, *alpha, a, lda, b, ldb};
  if (!asked.sizesFit() || !asked.memoryHolds()) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  CUresult result = software::enqueue(handle->stream, [asked]() -> CUresult {
    if (!asked.memoryHolds()) {
      return software::failed(CUDA_ERROR_ILLEGAL_ADDRESS, "trsm: memory was freed before the solve ran");
    }
    asked.run();
    return CUDA_SUCCESS;
  });
  return result ? CUBLAS_STATUS_EXECUTION_FAILED : CUBLAS_STATUS_SUCCESS;
}

}  // namespace

#define ENTER                                                                  \
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());         \
  if (int given = software::injected(__func__)) {                              \
    return given;                                                              \
  }

extern "C" {

int cublasCreate_v2(Handle **handle) {
  ENTER;
  *handle = new Handle;
  handles().insert(*handle);
  software::libraryHandles()++;
  return CUBLAS_STATUS_SUCCESS;
}

int cublasDestroy_v2(Handle *handle) {
  ENTER;
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  handles().erase(handle);
  software::libraryHandles()--;
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

int cublasGetVersion_v2(Handle *, int *version) {
  ENTER;
  *version = static_cast<int>(software::setting("cublas-version", SOFTWARE_CUBLAS_VERSION));
  return CUBLAS_STATUS_SUCCESS;
}

const char *cublasGetStatusName(int status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "CUBLAS_STATUS unknown";
  }
}

const char *cublasGetStatusString(int status) { return cublasGetStatusName(status); }

int cublasSetStream_v2(Handle *handle, void *stream) {
  ENTER;
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  handle->stream = stream;
  return CUBLAS_STATUS_SUCCESS;
}

int cublasSetWorkspace_v2(Handle *handle, void *workspace, size_t bytes) {
  ENTER;
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  return bytes == 0 || known(workspace, bytes) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

int cublasSetMathMode(Handle *handle, int mode) {
  ENTER;
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  handle->math = mode;
  return CUBLAS_STATUS_SUCCESS;
}

// 0 is the host, the only place scalars are read from here.
int cublasSetPointerMode_v2(Handle *handle, int mode) {
  ENTER;
  if (!isHandle(handle)) {
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  return mode == 0 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

#define GEMM(prefix, T)                                                                                                       \
  int cublas##prefix##gemm_v2(Handle *handle, int opA, int opB, int m, int n, int k, const T *alpha, const T *a, int lda,     \
                              const T *b, int ldb, const T *beta, T *c, int ldc) {                                            \
    ENTER;                                                                                                                    \
    return product<T>(handle,                                                                                                 \
                      {opA, opB, m, n, k, *alpha, a, lda, 0, b, ldb, 0, *beta, c, ldc, 0, 1, keptBy(handle)});                \
  }                                                                                                                           \
  int cublas##prefix##gemmStridedBatched(Handle *handle, int opA, int opB, int m, int n, int k, const T *alpha, const T *a,   \
                                         int lda, long long strideA, const T *b, int ldb, long long strideB, const T *beta,   \
                                         T *c, int ldc, long long strideC, int batch) {                                       \
    ENTER;                                                                                                                    \
    return product<T>(handle, {opA, opB, m, n, k, *alpha, a, lda, strideA, b, ldb, strideB, *beta, c, ldc, strideC, batch,    \
                               keptBy(handle)});                                                                              \
  }                                                                                                                           \
  int cublas##prefix##trsm_v2(Handle *handle, int side, int fill, int op, int diagonal, int m, int n, const T *alpha,         \
                              const T *a, int lda, T *b, int ldb) {                                                           \
    ENTER;                                                                                                                    \
    return solve<T>(handle, side, fill, op, diagonal, m, n, alpha, a, lda, b, ldb);                                           \
  }
GEMM(S, float)
#ifndef SOFTWARE_WITHOUT_DOUBLE
GEMM(D, double)
#endif

// Operands of float or of double; how much of a float enters the product is the compute type's choice.
int cublasGemmStridedBatchedEx(Handle *handle, int opA, int opB, int m, int n, int k, const void *alpha, const void *a, int typeA,
                               int lda, long long strideA, const void *b, int typeB, int ldb, long long strideB,
                               const void *beta, void *c, int typeC, int ldc, long long strideC, int batch, int compute, int) {
  ENTER;
  if (typeA != typeB || typeA != typeC) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  if (typeA == CUDA_R_64F && (compute == CUBLAS_COMPUTE_64F || compute == CUBLAS_COMPUTE_64F_PEDANTIC)) {
    return product<double>(handle, {opA, opB, m, n, k, *static_cast<const double *>(alpha), static_cast<const double *>(a), lda,
                                    strideA, static_cast<const double *>(b), ldb, strideB, *static_cast<const double *>(beta),
                                    static_cast<double *>(c), ldc, strideC, batch, Keep::All});
  }
  Keep keep = compute == CUBLAS_COMPUTE_32F_FAST_TF32 ? Keep::Tf32 : compute == CUBLAS_COMPUTE_32F_FAST_16BF ? Keep::Bf16 : Keep::All;
  bool exact = compute == CUBLAS_COMPUTE_32F || compute == CUBLAS_COMPUTE_32F_PEDANTIC;
  if (typeA != CUDA_R_32F || (keep == Keep::All && !exact)) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  if (compute == CUBLAS_COMPUTE_32F) {
    keep = keptBy(handle);
  }
  return product<float>(handle, {opA, opB, m, n, k, *static_cast<const float *>(alpha), static_cast<const float *>(a), lda,
                                 strideA, static_cast<const float *>(b), ldb, strideB, *static_cast<const float *>(beta),
                                 static_cast<float *>(c), ldc, strideC, batch, keep});
}

int cublasGemmEx(Handle *handle, int opA, int opB, int m, int n, int k, const void *alpha, const void *a, int typeA, int lda,
                 const void *b, int typeB, int ldb, const void *beta, void *c, int typeC, int ldc, int compute, int algorithm) {
  ENTER;
  return cublasGemmStridedBatchedEx(handle, opA, opB, m, n, k, alpha, a, typeA, lda, 0, b, typeB, ldb, 0, beta, c, typeC, ldc, 0,
                                    1, compute, algorithm);
}

}  // extern "C"
