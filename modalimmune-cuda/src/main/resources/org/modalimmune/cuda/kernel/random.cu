// Random fills, bit for bit those of every other backend: integers, and float64 operations that IEEE
// 754 rounds correctly, in the order of org.modalimmune.random.
#include "view.cuh"

struct Words {
  unsigned w[4];
};

// Block `counter` of a stream: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
// as easy as 1, 2, 3", SC 2011).
__device__ inline Words philox(unsigned long long counter, unsigned long long stream,
                               unsigned long long seed) {
  unsigned c0 = (unsigned)counter;
  unsigned c1 = (unsigned)(counter >> 32);
  unsigned c2 = (unsigned)stream;
  unsigned c3 = (unsigned)(stream >> 32);
  unsigned k0 = (unsigned)seed;
  unsigned k1 = (unsigned)(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0);
    unsigned high1 = __umulhi(0xCD9E8D57u, c2);
    unsigned low0 = 0xD2511F53u * c0;
    unsigned low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

__device__ inline float halfOpenFloat(unsigned word) { return (word >> 8) * 0x1p-24f; }

__device__ inline double halfOpenDouble(unsigned high, unsigned low) {
  return (double)(((unsigned long long)(high >> 5) << 26) | (low >> 6)) * 0x1p-53;
}

__device__ inline double halfOpen32(unsigned word) { return word * 0x1p-32; }

__device__ inline double open32(unsigned word) { return (word + 0.5) * 0x1p-32; }

__device__ inline double open52(unsigned high, unsigned low) {
  return ((double)(((unsigned long long)(high >> 6) << 26) | (low >> 6)) + 0.5) * 0x1p-52;
}

// sqrt(-2 ln u), u in (0, 1)
__device__ inline double radius(double u) {
  long long bits = __double_as_longlong(u);
  long long exponent = (bits - 0x3FE6A09E667F3BCDLL) >> 52;
  double m = __longlong_as_double(bits - (exponent << 52));
  double s = (m - 1.0) / (m + 1.0);
  double w = s * s;
  double p = 1.0 / 21;
  p = fma(p, w, 1.0 / 19);
  p = fma(p, w, 1.0 / 17);
  p = fma(p, w, 1.0 / 15);
  p = fma(p, w, 1.0 / 13);
  p = fma(p, w, 1.0 / 11);
  p = fma(p, w, 1.0 / 9);
  p = fma(p, w, 1.0 / 7);
  p = fma(p, w, 1.0 / 5);
  p = fma(p, w, 1.0 / 3);
  p = fma(p, w, 1.0);
  double e = (double)exponent;
  double log = fma(e, 0x1.62e42fee00000p-1, fma(e, 0x1.a39ef35793c76p-33, 2.0 * s * p));
  return sqrt(-2.0 * log);
}

__device__ inline double sineSeries(double t) {
  double w = t * t;
  double p = 1.0 / 355687428096000.0;
  p = fma(p, w, -1.0 / 1307674368000.0);
  p = fma(p, w, 1.0 / 6227020800.0);
  p = fma(p, w, -1.0 / 39916800.0);
  p = fma(p, w, 1.0 / 362880.0);
  p = fma(p, w, -1.0 / 5040.0);
  p = fma(p, w, 1.0 / 120.0);
  p = fma(p, w, -1.0 / 6.0);
  return fma(t * w, p, t);
}

__device__ inline double cosineSeries(double t) {
  double w = t * t;
  double p = 1.0 / 20922789888000.0;
  p = fma(p, w, -1.0 / 87178291200.0);
  p = fma(p, w, 1.0 / 479001600.0);
  p = fma(p, w, -1.0 / 3628800.0);
  p = fma(p, w, 1.0 / 40320.0);
  p = fma(p, w, -1.0 / 720.0);
  p = fma(p, w, 1.0 / 24.0);
  p = fma(p, w, -0.5);
  return fma(p, w, 1.0);
}

// The Box-Muller pair of u1 in (0, 1) and u2 in [0, 1): radius(u1) times cosine and sine of
// 2 pi u2.
__device__ inline void normalPair(double u1, double u2, double& first, double& second) {
  double r = radius(u1);
  double quarter = rint(4.0 * u2);
  double t = (u2 - 0.25 * quarter) * 0x1.921fb54442d18p+2;
  double c = cosineSeries(t);
  double s = sineSeries(t);
  int turn = (int)quarter & 3;
  first = r * (turn == 0 ? c : turn == 1 ? -s : turn == 2 ? -c : s);
  second = r * (turn == 0 ? s : turn == 1 ? c : turn == 2 ? -s : -c);
}

__device__ inline void uniformBlock(const Words& b, float* to) {
  for (int j = 0; j < 4; j++) {
    to[j] = halfOpenFloat(b.w[j]);
  }
}

__device__ inline void uniformBlock(const Words& b, double* to) {
  to[0] = halfOpenDouble(b.w[0], b.w[1]);
  to[1] = halfOpenDouble(b.w[2], b.w[3]);
}

__device__ inline void normalBlock(const Words& b, float* to) {
  for (int j = 0; j < 4; j += 2) {
    double first;
    double second;
    normalPair(open32(b.w[j]), halfOpen32(b.w[j + 1]), first, second);
    to[j] = (float)first;
    to[j + 1] = (float)second;
  }
}

__device__ inline void normalBlock(const Words& b, double* to) {
  normalPair(open52(b.w[0], b.w[1]), halfOpenDouble(b.w[2], b.w[3]), to[0], to[1]);
}

// One 16-byte block of the stream: four floats or two doubles.
struct alignas(16) Draws {
  T value[16 / sizeof(T)];
};

struct Uniform {
  __device__ static void fill(const Words& b, T* to) { uniformBlock(b, to); }
};

struct Normal {
  __device__ static void fill(const Words& b, T* to) { normalBlock(b, to); }
};

template <class Law>
__device__ inline void draw(T* out, long long n, unsigned long long seed,
                            unsigned long long stream) {
  const int count = 16 / sizeof(T);
  bool whole = aligned(out);
  for (long long b = firstIndex(); b * count < n; b += gridThreads()) {
    Draws draws;
    Law::fill(philox(b, stream, seed), draws.value);
    if (whole && (b + 1) * count <= n) {
      ((Draws*)out)[b] = draws;
    } else {
      for (int j = 0; j < count && b * count + j < n; j++) {
        out[b * count + j] = draws.value[j];
      }
    }
  }
}

extern "C" __global__ void uniform(T* out, long long n, unsigned long long seed,
                                   unsigned long long stream) {
  draw<Uniform>(out, n, seed, stream);
}

extern "C" __global__ void normal(T* out, long long n, unsigned long long seed,
                                  unsigned long long stream) {
  draw<Normal>(out, n, seed, stream);
}
