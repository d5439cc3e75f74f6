// Parameter updates in place: every state is read once and written once.
#include "view.cuh"
#include "functions.cuh"

// AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2), the bias corrections folded into `rate`,
// learning rate / (1 - beta1^step), and `rootScale`, 1 / sqrt(1 - beta2^step). rest is 1 - beta,
// decay learning rate times weight decay.
extern "C" __global__ void adamw(const T* gradient, T* parameter, T* m, T* v, long long n, T beta1,
                                 T rest1, T beta2, T rest2, T rate, T rootScale, T epsilon,
                                 T decay) {
  for (long long i = firstIndex(); i < n; i += gridThreads()) {
    T g = gradient[i];
    T w = parameter[i];
    T mean = m[i] * beta1 + g * rest1;
    T square = v[i] * beta2 + g * g * rest2;
    m[i] = mean;
    v[i] = square;
    parameter[i] = w - (mean * rate / fused(root(square), rootScale, epsilon) + w * decay);
  }
}

extern "C" __global__ void momentum_step(const T* gradient, T* parameter, T* velocity, long long n,
                                         T rate, T momentum, T decay, int nesterov) {
  for (long long i = firstIndex(); i < n; i += gridThreads()) {
    T w = parameter[i];
    T decayed = fused(decay, w, gradient[i]);
    T next = fused(momentum, velocity[i], decayed);
    velocity[i] = next;
    parameter[i] = fused(-rate, nesterov ? fused(momentum, next, decayed) : next, w);
  }
}
