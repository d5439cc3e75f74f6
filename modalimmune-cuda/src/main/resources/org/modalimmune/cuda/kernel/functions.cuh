// The functions of UnaryOp and BinaryOp, for float and double, within spec/tolerances.md.
//
// Sources are compiled with --fmad=false: fma is written where it is meant.

#define INFINITE ((T)(1.0 / 0.0))

__device__ inline float magnitude(float x) { return fabsf(x); }
__device__ inline double magnitude(double x) { return fabs(x); }
__device__ inline float root(float x) { return sqrtf(x); }
__device__ inline double root(double x) { return sqrt(x); }
__device__ inline float fused(float a, float b, float c) { return fmaf(a, b, c); }
__device__ inline double fused(double a, double b, double c) { return fma(a, b, c); }
__device__ inline float logarithm(float x) { return logf(x); }
__device__ inline double logarithm(double x) { return log(x); }
__device__ inline float logarithmOfOnePlus(float x) { return log1pf(x); }
__device__ inline double logarithmOfOnePlus(double x) { return log1p(x); }
__device__ inline float hyperbolicTangent(float x) { return tanhf(x); }
__device__ inline double hyperbolicTangent(double x) { return tanh(x); }
__device__ inline float errorFunction(float x) { return erff(x); }
__device__ inline double errorFunction(double x) { return erf(x); }

// The larger and the smaller; NaN if either is.
template <class E>
__device__ inline E larger(E a, E b) { return a > b || a != a ? a : b; }
template <class E>
__device__ inline E smaller(E a, E b) { return a < b || a != a ? a : b; }

__device__ inline double exponential(double x) { return exp(x); }

// 2^n e^r with |r| <= ln(2)/2: expf of the CUDA library is good to 2 ulp only, 1 is asked for.
__device__ inline float exponential(float x) {
  float bounded = x > -104.0f ? (x < 104.0f ? x : 104.0f) : -104.0f;
  float n = rintf(bounded * 0x1.715476p+0f);
  float r = fmaf(n, -0x1.62e400p-1f, bounded);
  r = fmaf(n, -0x1.7f7d1cp-20f, r);
  float p = 0x1.6d431ap-10f;
  p = fmaf(p, r, 0x1.120b66p-7f);
  p = fmaf(p, r, 0x1.5554eap-5f);
  p = fmaf(p, r, 0x1.5554dcp-3f);
  p = fmaf(p, r, 0.5f);
  p = 1.0f + fmaf(p, r * r, r);
  // in two factors, so that a subnormal result is rounded once and a large one overflows
  int half = (int)n >> 1;
  float y = p * __int_as_float((half + 127) << 23) * __int_as_float(((int)n - half + 127) << 23);
  return x != x ? x : y;
}

template <class E, int N>
__device__ inline E horner(const E (&coefficients)[N], E x) {
  E p = coefficients[N - 1];
#pragma unroll
  for (int i = N - 2; i >= 0; i--) {
    p = fused(p, x, coefficients[i]);
  }
  return p;
}

// Phi(x) for |x| < 1 is 1/2 + x Q(x^2); beyond it, with a = |x|, the tail is
// exp(-a^2/2) erfcx(a / sqrt 2) / 2, erfcx by a polynomial in a Moebius transform of a (Shepherd and
// Laframboise, Math. Comp. 36, 1981). Coefficients: spec/coefficients/error_function.py.
__device__ inline double normalCentral(double square) {
  const double q[] = {
      0x1.9884533d43651p-2,   -0x1.1058377e2cedfp-4,  0x1.46d0429769013p-7,
      -0x1.37403f6b93271p-10, 0x1.e42b0d4b1c791p-14,  -0x1.3ce8f9bbb3109p-17,
      0x1.6589f19d45edfp-21,  -0x1.621cc8402008ep-25, 0x1.380b3bcac4439p-29,
      -0x1.e69f892ecf74bp-34, 0x1.1ebbd2d2ea8fep-38};
  return horner(q, square);
}

__device__ inline float normalCentral(float square) {
  const float q[] = {0x1.988454p-2f,   -0x1.105838p-4f,  0x1.46d034p-7f, -0x1.373d9cp-10f,
                     0x1.e3b120p-14f, -0x1.373570p-17f, 0x1.2080b0p-21f};
  return horner(q, square);
}

// Phi(-a) for a in [1, 40]; the square is carried to twice the precision.
__device__ inline double normalTail(double a) {
  const double p[] = {
      0x1.3ba5916e9fd7fp+0,   -0x1.1df1ad154a287p-3,  0x1.f7f5df66fd6c2p-7,
      0x1.16ecefcfa4d42p-4,   -0x1.9ddb23c3e8a22p-4,  0x1.7fee004e1e9dcp-4,
      -0x1.0fb06dfe5229fp-4,  0x1.3079edf51fc68p-5,   -0x1.0962388397d97p-6,
      0x1.49c672e0029c2p-8,   -0x1.8d4a9b00c799bp-11, -0x1.a1df5db3b79e2p-13,
      0x1.3be04bf52bb92p-13,  -0x1.995385e20c540p-16, -0x1.78861f18ef064p-17,
      0x1.7ef6b7a31f1bep-18,  0x1.3981051d51a47p-22,  -0x1.b8d24972834acp-21,
      0x1.4cbb15f8e3993p-24,  0x1.c8b87aa05fff6p-24,  -0x1.613ab1194af2cp-26,
      -0x1.a83c2ea8b4fe3p-27, 0x1.b39ff8614630dp-29,  0x1.ffeb28fa160afp-31,
      -0x1.246d137471673p-32};
  double square = a * a;
  double rest = fma(a, a, -square);
  double e = exp(-0.5 * square);
  e = fma(-0.5 * rest, e, e);
  double x = a * 0x1.6a09e667f3bcdp-1;
  double scaled = horner(p, 2 * x / (x + 4) - 1) / (1 + 2 * x);
  return 0.5 * e * scaled;
}

// The tolerance grows with a^2 faster than the rounding of the square hurts.
__device__ inline float normalTail(float a) {
  const float p[] = {0x1.525e24p-1f, -0x1.ea5808p-5f, -0x1.516dcap-5f, 0x1.429676p-4f,
                     -0x1.050c38p-4f,    0x1.fdfdd2p-6f,  -0x1.fa7998p-8f, -0x1.60dbd4p-11f,
                     0x1.0d48f6p-10f,    -0x1.8fe18ap-13f};
  float e = exponential(-0.5f * (a * a));
  return e * (horner(p, 2 * a / (a + 4) - 1) / fmaf(1.5f, a, 1.0f));
}

__device__ inline T normalDistribution(T x) {
  T a = magnitude(x);
  if (a < 1) {
    return fused(x, normalCentral(x * x), (T)0.5);
  }
  T tail = normalTail(smaller(a, (T)40));
  return x > 0 ? 1 - tail : tail;
}

__device__ inline double normalDensityOf(double bounded) {
  double square = bounded * bounded;
  double rest = fma(bounded, bounded, -square);
  double e = exp(-0.5 * square);
  return 0x1.9884533d43651p-2 * fma(-0.5 * rest, e, e);
}

__device__ inline float normalDensityOf(float bounded) {
  return 0x1.988454p-2f * exponential(-0.5f * (bounded * bounded));
}

__device__ inline T normalDensity(T x) { return normalDensityOf(smaller(magnitude(x), (T)40)); }

// One functor per operation, named as in the Java enum.
struct Negate {
  __device__ T operator()(T x) const { return -x; }
};
struct Abs {
  __device__ T operator()(T x) const { return magnitude(x); }
};
struct Sign {
  __device__ T operator()(T x) const { return x > 0 ? (T)1 : x < 0 ? (T)-1 : x == 0 ? (T)0 : x; }
};
struct Step {
  __device__ T operator()(T x) const { return x > 0 ? (T)1 : x <= 0 ? (T)0 : x; }
};
struct Exp {
  __device__ T operator()(T x) const { return exponential(x); }
};
struct Log {
  __device__ T operator()(T x) const { return logarithm(x); }
};
struct Log1p {
  __device__ T operator()(T x) const { return logarithmOfOnePlus(x); }
};
struct Sqrt {
  __device__ T operator()(T x) const { return root(x); }
};
struct Reciprocal {
  __device__ T operator()(T x) const { return 1 / x; }
};
struct Square {
  __device__ T operator()(T x) const { return x * x; }
};
struct Tanh {
  __device__ T operator()(T x) const { return hyperbolicTangent(x); }
};
struct Sigmoid {
  __device__ T operator()(T x) const {
    T e = exponential(-magnitude(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }
};
struct Softplus {
  __device__ T operator()(T x) const {
    return larger(x, (T)0) + logarithmOfOnePlus(exponential(-magnitude(x)));
  }
};
struct Relu {
  __device__ T operator()(T x) const { return x > 0 ? x : x <= 0 ? (T)0 : x; }
};
struct Erf {
  __device__ T operator()(T x) const { return errorFunction(x); }
};
struct NormalPdf {
  __device__ T operator()(T x) const { return normalDensity(x); }
};
struct NormalCdf {
  __device__ T operator()(T x) const { return normalDistribution(x); }
};
struct Gelu {
  __device__ T operator()(T x) const {
    T bounded = larger(x, (T)-40);
    return bounded * normalDistribution(bounded);
  }
};
struct GeluDerivative {
  __device__ T operator()(T x) const {
    T bounded = larger(smaller(x, (T)40), (T)-40);
    return normalDistribution(bounded) + bounded * normalDensityOf(bounded);
  }
};
struct IsFinite {
  __device__ T operator()(T x) const { return magnitude(x) < INFINITE ? (T)1 : (T)0; }
};

struct Add {
  __device__ T operator()(T a, T b) const { return a + b; }
};
struct Subtract {
  __device__ T operator()(T a, T b) const { return a - b; }
};
struct Multiply {
  __device__ T operator()(T a, T b) const { return a * b; }
};
struct Divide {
  __device__ T operator()(T a, T b) const { return a / b; }
};
struct Maximum {
  __device__ T operator()(T a, T b) const { return larger(a, b); }
};
struct Minimum {
  __device__ T operator()(T a, T b) const { return smaller(a, b); }
};
struct Gate {
  __device__ T operator()(T a, T b) const { return b > 0 ? a : b <= 0 ? (T)0 : b; }
};
struct Greater {
  __device__ T operator()(T a, T b) const { return a > b ? (T)1 : (T)0; }
};
struct Equal {
  __device__ T operator()(T a, T b) const { return a == b ? (T)1 : (T)0; }
};

struct Select {
  __device__ T operator()(T condition, T a, T b) const { return condition != 0 ? a : b; }
};

// scale x + shift, one rounding.
struct Affine {
  T scale;
  T shift;
  __device__ T operator()(T x) const { return fused(scale, x, shift); }
};

// NaN stays NaN.
struct Clamp {
  T low;
  T high;
  __device__ T operator()(T x) const { return x < low ? low : x > high ? high : x; }
};

// y + alpha x, one rounding.
struct Axpy {
  T alpha;
  __device__ T operator()(T x, T y) const { return fused(alpha, x, y); }
};
