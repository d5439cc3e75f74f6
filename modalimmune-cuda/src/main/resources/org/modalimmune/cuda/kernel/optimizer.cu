// Parameter updates in place: every state is read once and written once.
#include "view.cuh"
#include "functions.cuh"

// AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2), the bias corrections folded into `rate`,
// learning rate / (1 - beta1^step), and `rootScale`, 1 / sqrt(1 - beta2^step). rest is 1 - beta,
// decay learning rate times weight decay.
struct AdamW {
  T beta1;
  T rest1;
  T beta2;
  T rest2;
  T rate;
  T rootScale;
  T epsilon;
  T decay;

  __device__ void operator()(T g, T& w, T& m, T& v) const {
    m = m * beta1 + g * rest1;
    v = v * beta2 + g * g * rest2;
    w = w - (m * rate / fused(root(v), rootScale, epsilon) + w * decay);
  }
};

extern "C" __global__ void adamw(const T* gradient, T* parameter, T* m, T* v, long long n, T beta1,
                                 T rest1, T beta2, T rest2, T rate, T rootScale, T epsilon,
                                 T decay) {
  AdamW step{beta1, rest1, beta2, rest2, rate, rootScale, epsilon, decay};
  bool packed = aligned(gradient) && aligned(parameter) && aligned(m) && aligned(v);
  long long packs = packed ? n / LANES : 0;
  for (long long p = firstIndex(); p < packs; p += gridThreads()) {
    Pack<T> g = ((const Pack<T>*)gradient)[p];
    Pack<T> w = ((Pack<T>*)parameter)[p];
    Pack<T> mean = ((Pack<T>*)m)[p];
    Pack<T> square = ((Pack<T>*)v)[p];
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      step(g.lane[l], w.lane[l], mean.lane[l], square.lane[l]);
    }
    ((Pack<T>*)parameter)[p] = w;
    ((Pack<T>*)m)[p] = mean;
    ((Pack<T>*)v)[p] = square;
  }
  for (long long i = packs * LANES + firstIndex(); i < n; i += gridThreads()) {
    step(gradient[i], parameter[i], m[i], v[i]);
  }
}

struct Momentum {
  T rate;
  T momentum;
  T decay;
  int nesterov;

  __device__ void operator()(T g, T& w, T& velocity) const {
    T decayed = fused(decay, w, g);
    velocity = fused(momentum, velocity, decayed);
    w = fused(-rate, nesterov ? fused(momentum, velocity, decayed) : velocity, w);
  }
};

extern "C" __global__ void momentum_step(const T* gradient, T* parameter, T* velocity, long long n,
                                         T rate, T momentum, T decay, int nesterov) {
  Momentum step{rate, momentum, decay, nesterov};
  bool packed = aligned(gradient) && aligned(parameter) && aligned(velocity);
  long long packs = packed ? n / LANES : 0;
  for (long long p = firstIndex(); p < packs; p += gridThreads()) {
    Pack<T> g = ((const Pack<T>*)gradient)[p];
    Pack<T> w = ((Pack<T>*)parameter)[p];
    Pack<T> speed = ((Pack<T>*)velocity)[p];
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      step(g.lane[l], w.lane[l], speed.lane[l]);
    }
    ((Pack<T>*)parameter)[p] = w;
    ((Pack<T>*)velocity)[p] = speed;
  }
  for (long long i = packs * LANES + firstIndex(); i < n; i += gridThreads()) {
    step(gradient[i], parameter[i], velocity[i]);
  }
}
