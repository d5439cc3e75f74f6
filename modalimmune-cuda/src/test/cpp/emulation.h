// What CUDA C++ means on the software device. Put before the preprocessed source of kernels; includes no system header, so
// that a kernel finds no more here than it does in NVRTC.
#pragma once

#include "kernel_image.h"

#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(n) __attribute__((aligned(n)))

namespace software {
static const Index *thread;
static const BlockPosition *position;
static const Runtime *runtime;
}  // namespace software

#define threadIdx (*software::thread)
#define blockIdx (software::position->block)
#define blockDim (software::position->blockSize)
#define gridDim (software::position->gridSize)

constexpr int warpSize = 32;
using size_t = decltype(sizeof(0));

// ---- vector types ----
#define SOFTWARE_VECTORS(T, name, align2, align4)                                                              \
  struct name##1 { T x; };                                                                                     \
  struct __align__(align2) name##2 { T x, y; };                                                                \
  struct name##3 { T x, y, z; };                                                                               \
  struct __align__(align4) name##4 { T x, y, z, w; };                                                          \
  static inline name##2 make_##name##2(T x, T y) { return {x, y}; }                                            \
  static inline name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                                    \
  static inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
SOFTWARE_VECTORS(float, float, 8, 16)
SOFTWARE_VECTORS(double, double, 16, 16)
SOFTWARE_VECTORS(int, int, 8, 16)
SOFTWARE_VECTORS(unsigned, uint, 8, 16)
SOFTWARE_VECTORS(long long, longlong, 16, 16)
SOFTWARE_VECTORS(unsigned long long, ulonglong, 16, 16)
SOFTWARE_VECTORS(unsigned char, uchar, 2, 4)

// ---- bits ----
template <class To, class From>
static inline To softwareBits(From from) {
  static_assert(sizeof(To) == sizeof(From), "a change of type, not of size");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}
static inline int __float_as_int(float x) { return softwareBits<int>(x); }
static inline unsigned __float_as_uint(float x) { return softwareBits<unsigned>(x); }
static inline float __int_as_float(int x) { return softwareBits<float>(x); }
static inline float __uint_as_float(unsigned x) { return softwareBits<float>(x); }
static inline long long __double_as_longlong(double x) { return softwareBits<long long>(x); }
static inline double __longlong_as_double(long long x) { return softwareBits<double>(x); }
static inline int __double2hiint(double x) { return static_cast<int>(__double_as_longlong(x) >> 32); }
static inline int __double2loint(double x) { return static_cast<int>(__double_as_longlong(x)); }
static inline double __hiloint2double(int high, int low) {
  return __longlong_as_double(static_cast<long long>(high) << 32 | static_cast<unsigned>(low));
}
static inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(static_cast<unsigned long long>(a) * b >> 32);
}
static inline int __mulhi(int a, int b) { return static_cast<int>(static_cast<long long>(a) * b >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}
static inline long long __mul64hi(long long a, long long b) { return static_cast<long long>(static_cast<__int128>(a) * b >> 64); }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
static inline int __clzll(long long x) { return x ? __builtin_clzll(static_cast<unsigned long long>(x)) : 64; }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline int __ffsll(long long x) { return __builtin_ffsll(x); }

// ---- mathematics ----
extern "C" {
#define SOFTWARE_UNARY(name) double name(double); float name##f(float);
#define SOFTWARE_BINARY(name) double name(double, double); float name##f(float, float);
SOFTWARE_UNARY(exp) SOFTWARE_UNARY(exp2) SOFTWARE_UNARY(exp10) SOFTWARE_UNARY(expm1) SOFTWARE_UNARY(log) SOFTWARE_UNARY(log2)
SOFTWARE_UNARY(log10) SOFTWARE_UNARY(log1p) SOFTWARE_UNARY(sqrt) SOFTWARE_UNARY(cbrt) SOFTWARE_UNARY(sin)
SOFTWARE_UNARY(cos) SOFTWARE_UNARY(tan) SOFTWARE_UNARY(asin) SOFTWARE_UNARY(acos) SOFTWARE_UNARY(atan) SOFTWARE_UNARY(sinh)
SOFTWARE_UNARY(cosh) SOFTWARE_UNARY(tanh) SOFTWARE_UNARY(erf) SOFTWARE_UNARY(erfc) SOFTWARE_UNARY(fabs)
SOFTWARE_UNARY(floor) SOFTWARE_UNARY(ceil) SOFTWARE_UNARY(trunc) SOFTWARE_UNARY(rint) SOFTWARE_UNARY(round)
SOFTWARE_UNARY(nearbyint) SOFTWARE_UNARY(lgamma) SOFTWARE_UNARY(tgamma)
SOFTWARE_BINARY(pow) SOFTWARE_BINARY(atan2) SOFTWARE_BINARY(fmin) SOFTWARE_BINARY(fmax) SOFTWARE_BINARY(fmod)
SOFTWARE_BINARY(hypot) SOFTWARE_BINARY(copysign) SOFTWARE_BINARY(nextafter)
double fma(double, double, double);
float fmaf(float, float, float);
double ldexp(double, int);
float ldexpf(float, int);
double scalbn(double, int);
float scalbnf(float, int);
double frexp(double, int *);
float frexpf(float, int *);
void sincos(double, double *, double *);
void sincosf(float, float *, float *);
int abs(int);
}
#define SOFTWARE_FLOAT_UNARY(name) static inline float name(float x) { return name##f(x); }
#define SOFTWARE_FLOAT_BINARY(name) static inline float name(float x, float y) { return name##f(x, y); }
SOFTWARE_FLOAT_UNARY(exp) SOFTWARE_FLOAT_UNARY(exp2) SOFTWARE_FLOAT_UNARY(expm1) SOFTWARE_FLOAT_UNARY(log)
SOFTWARE_FLOAT_UNARY(log2) SOFTWARE_FLOAT_UNARY(log10) SOFTWARE_FLOAT_UNARY(log1p) SOFTWARE_FLOAT_UNARY(sqrt)
SOFTWARE_FLOAT_UNARY(cbrt) SOFTWARE_FLOAT_UNARY(sin) SOFTWARE_FLOAT_UNARY(cos) SOFTWARE_FLOAT_UNARY(tan)
SOFTWARE_FLOAT_UNARY(tanh) SOFTWARE_FLOAT_UNARY(erf) SOFTWARE_FLOAT_UNARY(erfc) SOFTWARE_FLOAT_UNARY(fabs)
SOFTWARE_FLOAT_UNARY(floor) SOFTWARE_FLOAT_UNARY(ceil) SOFTWARE_FLOAT_UNARY(trunc) SOFTWARE_FLOAT_UNARY(rint)
SOFTWARE_FLOAT_UNARY(round)
SOFTWARE_FLOAT_BINARY(pow) SOFTWARE_FLOAT_BINARY(fmin) SOFTWARE_FLOAT_BINARY(fmax) SOFTWARE_FLOAT_BINARY(fmod)
SOFTWARE_FLOAT_BINARY(copysign) SOFTWARE_FLOAT_BINARY(hypot) SOFTWARE_FLOAT_BINARY(atan2)
static inline float fma(float a, float b, float c) { return fmaf(a, b, c); }
static inline float ldexp(float x, int e) { return ldexpf(x, e); }
static inline float scalbn(float x, int e) { return scalbnf(x, e); }
static inline float frexp(float x, int *e) { return frexpf(x, e); }
static inline double abs(double x) { return fabs(x); }
static inline float abs(float x) { return fabsf(x); }
static inline long long abs(long long x) { return x < 0 ? -x : x; }
static inline double rsqrt(double x) { return 1 / sqrt(x); }
static inline float rsqrt(float x) { return static_cast<float>(1 / sqrt(static_cast<double>(x))); }
static inline float rsqrtf(float x) { return rsqrt(x); }
static inline double normcdf(double x) { return erfc(-x * 0.70710678118654752440) / 2; }
static inline float normcdff(float x) { return static_cast<float>(normcdf(static_cast<double>(x))); }
static inline bool isnan(double x) { return __builtin_isnan(x); }
static inline bool isnan(float x) { return __builtin_isnan(x); }
static inline bool isinf(double x) { return __builtin_isinf(x) != 0; }
static inline bool isinf(float x) { return __builtin_isinf(x) != 0; }
static inline bool isfinite(double x) { return __builtin_isfinite(x); }
static inline bool isfinite(float x) { return __builtin_isfinite(x); }
static inline bool signbit(double x) { return __builtin_signbit(x) != 0; }
static inline bool signbit(float x) { return __builtin_signbit(x) != 0; }
// As in CUDA, the number where the other operand is NaN.
static inline double max(double a, double b) { return fmax(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline float min(float a, float b) { return fminf(a, b); }
#define SOFTWARE_EXTREMA(T)                                      \
  static inline T max(T a, T b) { return a < b ? b : a; }        \
  static inline T min(T a, T b) { return b < a ? b : a; }
SOFTWARE_EXTREMA(int) SOFTWARE_EXTREMA(unsigned) SOFTWARE_EXTREMA(long) SOFTWARE_EXTREMA(unsigned long)
SOFTWARE_EXTREMA(long long) SOFTWARE_EXTREMA(unsigned long long)

// ---- one rounding to nearest, never fused with a neighbour ----
#define SOFTWARE_ROUNDED(type, prefix, op, name)                                              \
  static __noinline__ type prefix##name##_rn(type a, type b) { return a op b; }
SOFTWARE_ROUNDED(double, __d, +, add) SOFTWARE_ROUNDED(double, __d, -, sub) SOFTWARE_ROUNDED(double, __d, *, mul)
SOFTWARE_ROUNDED(double, __d, /, div) SOFTWARE_ROUNDED(float, __f, +, add) SOFTWARE_ROUNDED(float, __f, -, sub)
SOFTWARE_ROUNDED(float, __f, *, mul) SOFTWARE_ROUNDED(float, __f, /, div)
static inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static inline double __dsqrt_rn(double a) { return sqrt(a); }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline double __drcp_rn(double a) { return 1 / a; }
static inline float __frcp_rn(float a) { return 1 / a; }
static inline float __double2float_rn(double a) { return static_cast<float>(a); }
static inline int __double2int_rn(double a) { return static_cast<int>(rint(a)); }
static inline double __int2double_rn(int a) { return a; }
static inline double __uint2double_rn(unsigned a) { return a; }
static inline double __ll2double_rn(long long a) { return static_cast<double>(a); }
static inline double __ull2double_rn(unsigned long long a) { return static_cast<double>(a); }
static inline float __int2float_rn(int a) { return static_cast<float>(a); }
static inline float __uint2float_rn(unsigned a) { return static_cast<float>(a); }

// ---- memory ----
template <class T> static inline T __ldg(const T *p) { return *p; }
template <class T> static inline T __ldcs(const T *p) { return *p; }
template <class T> static inline T __ldcg(const T *p) { return *p; }
template <class T> static inline T __ldca(const T *p) { return *p; }
template <class T> static inline void __stcs(T *p, T v) { *p = v; }
template <class T> static inline void __stcg(T *p, T v) { *p = v; }
static inline void __threadfence() {}
static inline void __threadfence_block() {}
static inline void __threadfence_system() {}
[[noreturn]] static inline void __trap() { software::runtime->fail("__trap"); }

// Threads run one at a time, so a plain update is atomic; the device is told, because it looks for races.
#ifdef SOFTWARE_INSTRUMENTED
#define SOFTWARE_ATOMIC __attribute__((no_sanitize_thread)) static inline
template <class T> SOFTWARE_ATOMIC void softwareAtomic(T *p) { software::runtime->access(p, sizeof(T), true, true); }
#else
#define SOFTWARE_ATOMIC static inline
template <class T> SOFTWARE_ATOMIC void softwareAtomic(T *) {}
#endif
template <class T> struct SoftwareSame { using type = T; };
template <class T> using SoftwareType = typename SoftwareSame<T>::type;
#define SOFTWARE_UPDATE(name, expression)                                  \
  template <class T> SOFTWARE_ATOMIC T name(T *p, SoftwareType<T> v) {     \
    softwareAtomic(p);                                                     \
    T old = *p;                                                            \
    *p = (expression);                                                     \
    return old;                                                            \
  }
SOFTWARE_UPDATE(atomicAdd, old + v)
SOFTWARE_UPDATE(atomicSub, old - v)
SOFTWARE_UPDATE(atomicExch, v)
SOFTWARE_UPDATE(atomicMax, old < v ? v : old)
SOFTWARE_UPDATE(atomicMin, v < old ? v : old)
SOFTWARE_UPDATE(atomicAnd, old & v)
SOFTWARE_UPDATE(atomicOr, old | v)
SOFTWARE_UPDATE(atomicXor, old ^ v)
SOFTWARE_UPDATE(atomicInc, old >= v ? 0 : old + 1)
SOFTWARE_UPDATE(atomicDec, old == 0 || old > v ? v : old - 1)
template <class T> SOFTWARE_ATOMIC T atomicCAS(T *p, SoftwareType<T> expected, SoftwareType<T> v) {
  softwareAtomic(p);
  T old = *p;
  if (old == expected) {
    *p = v;
  }
  return old;
}

// ---- threads of a block ----
static inline void __syncthreads(int line = __builtin_LINE()) { software::runtime->barrier(line, 0); }
static inline int __syncthreads_count(int p, int line = __builtin_LINE()) { return software::runtime->barrier(line, p); }
static inline int __syncthreads_or(int p, int line = __builtin_LINE()) { return software::runtime->barrier(line, p) > 0; }
static inline int __syncthreads_and(int p, int line = __builtin_LINE()) { return software::runtime->barrier(line, !p) == 0; }

static inline int softwareLane() {
  return static_cast<int>((threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) % 32);
}
static inline void __syncwarp(unsigned mask = 0xffffffffu) {
  software::runtime->exchange(software::Exchange::Synchronize, mask, 0, 0);
}
static inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return static_cast<unsigned>(software::runtime->exchange(software::Exchange::Ballot, mask, predicate != 0, 0));
}
static inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
static inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }
template <class T> static inline T softwareShuffle(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= 8, "shuffles exchange 4 or 8 bytes");
  unsigned long long given = 0;
  __builtin_memcpy(&given, &value, sizeof value);
  unsigned long long got = software::runtime->exchange(software::Exchange::Shuffle, mask, given, source);
  __builtin_memcpy(&value, &got, sizeof value);
  return value;
}
// Segments of `width` lanes; a source outside its segment gives the lane its own value.
template <class T> static inline T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  int first = softwareLane() / width * width;
  return softwareShuffle(mask, value, first + (source & (width - 1)));
}
template <class T> static inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = softwareLane();
  int source = lane + static_cast<int>(delta);
  return softwareShuffle(mask, value, source / width == lane / width ? source : lane);
}
template <class T> static inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = softwareLane();
  int source = lane - static_cast<int>(delta);
  return softwareShuffle(mask, value, source >= lane / width * width ? source : lane);
}
template <class T> static inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32) {
  int lane = softwareLane();
  int source = lane ^ lanes;
  return softwareShuffle(mask, value, source / width == lane / width ? source : lane);
}

// ---- entries ----
// Parameters lie one after another, each aligned by its type.
template <class... A>
struct SoftwareLayout {
  static constexpr int count = sizeof...(A);
  software::Parameter parameters[count + 1];
  unsigned bytes;

  constexpr SoftwareLayout() : parameters{}, bytes(0) {
    unsigned sizes[] = {static_cast<unsigned>(sizeof(A))..., 0};
    unsigned alignments[] = {static_cast<unsigned>(alignof(A))..., 1};
    bool pointers[] = {SoftwareIsPointer<A>::value..., false};
    for (int i = 0; i < count; i++) {
      unsigned offset = (bytes + alignments[i] - 1) / alignments[i] * alignments[i];
      parameters[i] = {offset, sizes[i], pointers[i]};
      bytes = offset + sizes[i];
    }
  }

 private:
  template <class P> struct SoftwareIsPointer { static constexpr bool value = false; };
  template <class P> struct SoftwareIsPointer<P *> { static constexpr bool value = true; };
};

template <int... I> struct SoftwareNumbers {};

template <auto kernel> struct SoftwareEntry;

template <class... A, void (*kernel)(A...)>
struct SoftwareEntry<kernel> {
  static constexpr SoftwareLayout<A...> layout{};

  static void invoke(const char *packed) { call(packed, SoftwareNumbers<__integer_pack(sizeof...(A))...>()); }

 private:
  template <int... I> static void call(const char *packed, SoftwareNumbers<I...>) {
    (void)packed;
    kernel(load<A>(packed + layout.parameters[I].offset)...);
  }

  template <class P> __attribute__((no_sanitize_thread)) static P load(const char *from) {
    P value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
  }
};

#define SOFTWARE_ENTRY(kernel, maxThreads)                                                              \
  {#kernel, SoftwareEntry<&kernel>::invoke, SoftwareEntry<&kernel>::layout.parameters,                  \
   SoftwareEntry<&kernel>::layout.count, SoftwareEntry<&kernel>::layout.bytes, maxThreads}

// Static shared memory lies in a section of its own, which the device overwrites before every block.
extern "C" __attribute__((visibility("hidden"))) char __start_softwareshared[], __stop_softwareshared[];
__attribute__((section("softwareshared"), used)) static char softwareSharedIsNotEmpty[16];

#define SOFTWARE_IMAGE(capability)                                                                      \
  extern "C" __attribute__((visibility("default"))) const software::Image *softwareImage() {            \
    static const software::Image image = {software::imageVersion,                                       \
                                          capability,                                                   \
                                          softwareEntries,                                              \
                                          sizeof softwareEntries / sizeof *softwareEntries,             \
                                          &software::thread,                                            \
                                          &software::position,                                          \
                                          &software::runtime,                                           \
                                          __start_softwareshared,                                       \
                                          __stop_softwareshared};                                       \
    return &image;                                                                                      \
  }

// ---- what the compiler calls before an access of an instrumented kernel ----
#ifdef SOFTWARE_INSTRUMENTED
#define SOFTWARE_WATCH(name, bytes, write)                                                              \
  extern "C" __attribute__((visibility("hidden"), no_sanitize_thread)) void name(void *p) {             \
    software::runtime->access(p, bytes, write, false);                                                  \
  }
SOFTWARE_WATCH(__tsan_read1, 1, false) SOFTWARE_WATCH(__tsan_read2, 2, false) SOFTWARE_WATCH(__tsan_read4, 4, false)
SOFTWARE_WATCH(__tsan_read8, 8, false) SOFTWARE_WATCH(__tsan_read16, 16, false)
SOFTWARE_WATCH(__tsan_unaligned_read2, 2, false) SOFTWARE_WATCH(__tsan_unaligned_read4, 4, false)
SOFTWARE_WATCH(__tsan_unaligned_read8, 8, false) SOFTWARE_WATCH(__tsan_unaligned_read16, 16, false)
SOFTWARE_WATCH(__tsan_write1, 1, true) SOFTWARE_WATCH(__tsan_write2, 2, true) SOFTWARE_WATCH(__tsan_write4, 4, true)
SOFTWARE_WATCH(__tsan_write8, 8, true) SOFTWARE_WATCH(__tsan_write16, 16, true)
SOFTWARE_WATCH(__tsan_unaligned_write2, 2, true) SOFTWARE_WATCH(__tsan_unaligned_write4, 4, true)
SOFTWARE_WATCH(__tsan_unaligned_write8, 8, true) SOFTWARE_WATCH(__tsan_unaligned_write16, 16, true)
extern "C" __attribute__((visibility("hidden"))) void __tsan_init() {}
extern "C" __attribute__((visibility("hidden"), no_sanitize_thread)) void __tsan_read_range(void *p, size_t bytes) {
  software::runtime->access(p, static_cast<unsigned>(bytes), false, false);
}
extern "C" __attribute__((visibility("hidden"), no_sanitize_thread)) void __tsan_write_range(void *p, size_t bytes) {
  software::runtime->access(p, static_cast<unsigned>(bytes), true, false);
}
#endif
