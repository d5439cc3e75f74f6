// Element-wise kernels: out[i] = f(x[i], ...), each on dense operands and on strided ones.
#include "view.cuh"
#include "functions.cuh"
#include "map.cuh"

#define UNARY(name, Function)                                                             \
  extern "C" __global__ void name##_dense(const T* x, T* out, long long n) {              \
    mapDense(Function{}, n, out, x);                                                      \
  }                                                                                       \
  extern "C" __global__ void name##_strided(const T* x, T* out, const Walk<2> walk) {     \
    mapStrided(Function{}, walk, out, x);                                                 \
  }

#define BINARY(name, Function)                                                            \
  extern "C" __global__ void name##_dense(const T* a, const T* b, T* out, long long n) {  \
    mapDense(Function{}, n, out, a, b);                                                   \
  }                                                                                       \
  extern "C" __global__ void name##_strided(const T* a, const T* b, T* out,               \
                                            const Walk<3> walk) {                         \
    mapStrided(Function{}, walk, out, a, b);                                              \
  }

UNARY(NEGATE, Negate)
UNARY(ABS, Abs)
UNARY(SIGN, Sign)
UNARY(STEP, Step)
UNARY(EXP, Exp)
UNARY(LOG, Log)
UNARY(LOG1P, Log1p)
UNARY(SQRT, Sqrt)
UNARY(RECIPROCAL, Reciprocal)
UNARY(SQUARE, Square)
UNARY(TANH, Tanh)
UNARY(SIGMOID, Sigmoid)
UNARY(SOFTPLUS, Softplus)
UNARY(RELU, Relu)
UNARY(ERF, Erf)
UNARY(NORMAL_PDF, NormalPdf)
UNARY(NORMAL_CDF, NormalCdf)
UNARY(GELU, Gelu)
UNARY(GELU_DERIVATIVE, GeluDerivative)
UNARY(IS_FINITE, IsFinite)

BINARY(ADD, Add)
BINARY(SUBTRACT, Subtract)
BINARY(MULTIPLY, Multiply)
BINARY(DIVIDE, Divide)
BINARY(MAXIMUM, Maximum)
BINARY(MINIMUM, Minimum)
BINARY(GATE, Gate)
BINARY(GREATER, Greater)
BINARY(EQUAL, Equal)

UNARY(copy, Identity)

extern "C" __global__ void select_dense(const T* condition, const T* a, const T* b, T* out,
                                        long long n) {
  mapDense(Select{}, n, out, condition, a, b);
}

extern "C" __global__ void select_strided(const T* condition, const T* a, const T* b, T* out,
                                          const Walk<4> walk) {
  mapStrided(Select{}, walk, out, condition, a, b);
}

extern "C" __global__ void affine_dense(const T* x, T* out, long long n, T scale, T shift) {
  mapDense(Affine{scale, shift}, n, out, x);
}

extern "C" __global__ void affine_strided(const T* x, T* out, const Walk<2> walk, T scale,
                                          T shift) {
  mapStrided(Affine{scale, shift}, walk, out, x);
}

extern "C" __global__ void clamp_dense(const T* x, T* out, long long n, T low, T high) {
  mapDense(Clamp{low, high}, n, out, x);
}

extern "C" __global__ void clamp_strided(const T* x, T* out, const Walk<2> walk, T low, T high) {
  mapStrided(Clamp{low, high}, walk, out, x);
}

extern "C" __global__ void axpy_dense(const T* x, const T* y, T* out, long long n, T alpha) {
  mapDense(Axpy{alpha}, n, out, x, y);
}

extern "C" __global__ void axpy_strided(const T* x, const T* y, T* out, const Walk<3> walk,
                                        T alpha) {
  mapStrided(Axpy{alpha}, walk, out, x, y);
}

extern "C" __global__ void fill_dense(T* out, long long n, T value) {
  mapDense(Constant<T>{value}, n, out);
}

extern "C" __global__ void fill_strided(T* out, const Walk<1> walk, T value) {
  mapStrided(Constant<T>{value}, walk, out);
}
