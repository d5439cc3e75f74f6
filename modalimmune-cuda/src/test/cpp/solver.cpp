// libcusolver: eigendecomposition by cyclic Jacobi in double, and Cholesky factors. Signatures and codes as in NVIDIA's
// cusolverDn.h; matrices are column-major.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "software.h"

namespace {

using software::known;

enum cusolverStatus : int {
  CUSOLVER_STATUS_SUCCESS = 0,
  CUSOLVER_STATUS_NOT_INITIALIZED = 1,
  CUSOLVER_STATUS_INVALID_VALUE = 3,
  CUSOLVER_STATUS_EXECUTION_FAILED = 6,
};

constexpr int lower = 0;
constexpr int withVectors = 1;
constexpr int mostSweeps = 60;

struct Handle {
  void *stream = nullptr;
};

std::set<Handle *> &handles() {
  static std::set<Handle *> all;
  return all;
}

bool isHandle(Handle *handle) { return handles().count(handle) != 0; }

template <class T> bool holds(const T *at, int64_t n, int64_t leading) {
  return n == 0 || known(at, static_cast<size_t>((n - 1) * leading + n) * sizeof(T));
}

// A symmetric matrix in double, and the rotations that make it diagonal (Golub and Van Loan, "Matrix Computations",
// section 8.5).
class Jacobi {
 public:
  template <class T> Jacobi(const T *a, int n, int leading, int fill) : n(n), matrix(size_t(n) * n), vectors(size_t(n) * n) {
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        bool kept = fill == lower ? i >= j : i <= j;
        matrix[at(i, j)] = kept ? a[i + int64_t(j) * leading] : a[j + int64_t(i) * leading];
      }
      vectors[at(j, j)] = 1;
    }
  }

  // False if it does not converge.
  bool run() {
    for (int sweep = 0; sweep < mostSweeps; sweep++) {
      bool rotated = false;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotated |= rotate(p, q);
        }
      }
      if (!rotated) {
        return true;
      }
    }
    return false;
  }

  // Smallest eigenvalue first.
  std::vector<int> order() const {
    std::vector<int> indices(static_cast<size_t>(n));
    std::iota(indices.begin(), indices.end(), 0);
    std::sort(indices.begin(), indices.end(), [&](int i, int j) { return value(i) < value(j); });
    return indices;
  }

  double value(int i) const { return matrix[at(i, i)]; }
  double vector(int row, int i) const { return vectors[at(row, i)]; }

 private:
  size_t at(int i, int j) const { return static_cast<size_t>(i) + static_cast<size_t>(j) * static_cast<size_t>(n); }

  bool rotate(int p, int q) {
    double apq = matrix[at(p, q)];
    double scale = std::sqrt(std::fabs(matrix[at(p, p)])) * std::sqrt(std::fabs(matrix[at(q, q)]));
    if (apq == 0 || std::fabs(apq) < 1e-300 || std::fabs(apq) <= 1e-17 * scale) {
      return false;
    }
    double tau = (matrix[at(q, q)] - matrix[at(p, p)]) / (2 * apq);
    double t = std::copysign(1.0, tau) / (std::fabs(tau) + std::hypot(1.0, tau));
    double c = 1 / std::hypot(1.0, t);
    double s = t * c;
    if (s * s < 1e-34 && std::fabs(apq) <= 1e-17 * (std::fabs(matrix[at(p, p)]) + std::fabs(matrix[at(q, q)]))) {
      return false;
    }
    turnColumns(matrix, p, q, c, s);
    for (int k = 0; k < n; k++) {
      double x = matrix[at(p, k)];
      double y = matrix[at(q, k)];
      matrix[at(p, k)] = c * x - s * y;
      matrix[at(q, k)] = s * x + c * y;
    }
    matrix[at(p, q)] = 0;
    matrix[at(q, p)] = 0;
    turnColumns(vectors, p, q, c, s);
    return true;
  }

  void turnColumns(std::vector<double> &of, int p, int q, double c, double s) const {
    double *x = &of[at(0, p)];
    double *y = &of[at(0, q)];
    for (int k = 0; k < n; k++) {
      double before = x[k];
      x[k] = c * before - s * y[k];
      y[k] = s * before + c * y[k];
    }
  }

  int n;
  std::vector<double> matrix, vectors;
};

template <class T> void eigen(int mode, int fill, int n, T *a, int lda, T *values, int *info) {
  Jacobi jacobi(a, n, lda, fill);
  *info = jacobi.run() ? 0 : 1;
  std::vector<int> order = jacobi.order();
  for (int j = 0; j < n; j++) {
    values[j] = static_cast<T>(jacobi.value(order[static_cast<size_t>(j)]));
    for (int i = 0; mode == withVectors && i < n; i++) {
      a[i + int64_t(j) * lda] = static_cast<T>(jacobi.vector(i, order[static_cast<size_t>(j)]));
    }
  }
}

template <class T> void cholesky(int fill, int n, T *a, int lda, int *info) {
  auto element = [&](int i, int j) -> T & { return fill == lower ? a[i + int64_t(j) * lda] : a[j + int64_t(i) * lda]; };
  *info = 0;
  for (int j = 0; j < n; j++) {
    T pivot = element(j, j);
    for (int k = 0; k < j; k++) {
      pivot -= element(j, k) * element(j, k);
    }
    // nobody promises that a NaN is noticed
    if (pivot <= 0) {
      *info = j + 1;
      return;
    }
    pivot = std::sqrt(pivot);
    element(j, j) = pivot;
    for (int i = j + 1; i < n; i++) {
      T sum = element(i, j);
      for (int k = 0; k < j; k++) {
        sum -= element(i, k) * element(j, k);
      }
      element(i, j) = sum / pivot;
    }
  }
}

int run(Handle *handle, software::Work work) {
  return software::enqueue(handle->stream, std::move(work)) ? CUSOLVER_STATUS_EXECUTION_FAILED : CUSOLVER_STATUS_SUCCESS;
}

// What the routines ask for; any number that grows with n will do, so that a backend cannot do without asking.
int workspace(int n) { return 4 * n + 16; }

}  // namespace

#define ENTER                                                                  \
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());         \
  if (int given = software::injected(__func__)) {                              \
    return given;                                                              \
  }

#define REQUIRE(condition, code) \
  if (!(condition)) {            \
    return code;                 \
  }

extern "C" {

int cusolverGetVersion(int *version) {
  ENTER;
  *version = static_cast<int>(software::setting("cusolver-version", SOFTWARE_CUSOLVER_VERSION));
  return CUSOLVER_STATUS_SUCCESS;
}

// 0 major, 1 minor, 2 patch level.
int cusolverGetProperty(int type, int *value) {
  ENTER;
  REQUIRE(type >= 0 && type <= 2 && value, CUSOLVER_STATUS_INVALID_VALUE);
  int version = static_cast<int>(software::setting("cusolver-version", SOFTWARE_CUSOLVER_VERSION));
  *value = type == 0 ? version / 1000 : type == 1 ? version / 100 % 10 : version % 100;
  return CUSOLVER_STATUS_SUCCESS;
}

int cusolverDnCreate(Handle **handle) {
  ENTER;
  *handle = new Handle;
  handles().insert(*handle);
  software::libraryHandles()++;
  return CUSOLVER_STATUS_SUCCESS;
}

int cusolverDnDestroy(Handle *handle) {
  ENTER;
  REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);
  handles().erase(handle);
  software::libraryHandles()--;
  delete handle;
  return CUSOLVER_STATUS_SUCCESS;
}

int cusolverDnSetStream(Handle *handle, void *stream) {
  ENTER;
  REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);
  handle->stream = stream;
  return CUSOLVER_STATUS_SUCCESS;
}

#define SOLVER(prefix, T)                                                                                                     \
  int cusolverDn##prefix##syevd_bufferSize(Handle *handle, int mode, int fill, int n, const T *a, int lda, const T *w,        \
                                           int *elements) {                                                                   \
    ENTER;                                                                                                                    \
    REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);                                                               \
    REQUIRE(mode >= 0 && mode <= 1 && fill >= 0 && fill <= 1 && n >= 0 && lda >= std::max(1, n) && a && w && elements,        \
            CUSOLVER_STATUS_INVALID_VALUE);                                                                                   \
    *elements = workspace(n);                                                                                                 \
    return CUSOLVER_STATUS_SUCCESS;                                                                                           \
  }                                                                                                                           \
  int cusolverDn##prefix##syevd(Handle *handle, int mode, int fill, int n, T *a, int lda, T *w, T *work, int elements,        \
                                int *info) {                                                                                  \
    ENTER;                                                                                                                    \
    REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);                                                               \
    REQUIRE(mode >= 0 && mode <= 1 && fill >= 0 && fill <= 1 && n >= 0 && lda >= std::max(1, n) && holds(a, n, lda) &&        \
                known(w, static_cast<size_t>(n) * sizeof(T)) && elements >= workspace(n) &&                                   \
                known(work, static_cast<size_t>(elements) * sizeof(T)) && known(info, sizeof(int)),                           \
            CUSOLVER_STATUS_INVALID_VALUE);                                                                                   \
    return run(handle, [=]() -> CUresult {                                                                                    \
      eigen(mode, fill, n, a, lda, w, info);                                                                                  \
      return CUDA_SUCCESS;                                                                                                    \
    });                                                                                                                       \
  }                                                                                                                           \
  int cusolverDn##prefix##potrf_bufferSize(Handle *handle, int fill, int n, T *a, int lda, int *elements) {                   \
    ENTER;                                                                                                                    \
    REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);                                                               \
    REQUIRE(fill >= 0 && fill <= 1 && n >= 0 && lda >= std::max(1, n) && a && elements, CUSOLVER_STATUS_INVALID_VALUE);       \
    *elements = workspace(n);                                                                                                 \
    return CUSOLVER_STATUS_SUCCESS;                                                                                           \
  }                                                                                                                           \
  int cusolverDn##prefix##potrf(Handle *handle, int fill, int n, T *a, int lda, T *work, int elements, int *info) {           \
    ENTER;                                                                                                                    \
    REQUIRE(isHandle(handle), CUSOLVER_STATUS_NOT_INITIALIZED);                                                               \
    REQUIRE(fill >= 0 && fill <= 1 && n >= 0 && lda >= std::max(1, n) && holds(a, n, lda) && elements >= workspace(n) &&      \
                known(work, static_cast<size_t>(elements) * sizeof(T)) && known(info, sizeof(int)),                           \
            CUSOLVER_STATUS_INVALID_VALUE);                                                                                   \
    return run(handle, [=]() -> CUresult {                                                                                    \
      cholesky(fill, n, a, lda, info);                                                                                        \
      return CUDA_SUCCESS;                                                                                                    \
    });                                                                                                                       \
  }
SOLVER(S, float)
SOLVER(D, double)

}  // extern "C"
