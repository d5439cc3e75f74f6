// Applies a function to every element of its operands. Needs view.cuh.

template <class F, class Out, class... In>
__device__ inline void mapPack(F f, Pack<Out>& out, const Pack<In>&... in) {
#pragma unroll
  for (int l = 0; l < LANES; l++) {
    out.lane[l] = f(in.lane[l]...);
  }
}

// out[i] = f(in[i]...) for i < n; 16-byte accesses where all operands are aligned to them.
template <class F, class Out, class... In>
__device__ inline void mapDense(F f, long long n, Out* out, const In*... in) {
  long long packs = (aligned(out) && ... && aligned(in)) ? n / LANES : 0;
  for (long long p = firstIndex(); p < packs; p += gridThreads()) {
    Pack<Out> result;
    mapPack(f, result, ((const Pack<In>*)in)[p]...);
    ((Pack<Out>*)out)[p] = result;
  }
  for (long long i = packs * LANES + firstIndex(); i < n; i += gridThreads()) {
    out[i] = f(in[i]...);
  }
}

// The same over all positions of a walk, whose last operand is the output.
template <class F, class Out>
__device__ inline void mapStrided(F f, const Walk<1>& walk, Out* out) {
  for (long long i = firstIndex(); i < walk.count; i += gridThreads()) {
    long long at[1];
    locate(walk, i, at);
    out[at[0]] = f();
  }
}

template <class F, class Out, class A>
__device__ inline void mapStrided(F f, const Walk<2>& walk, Out* out, const A* a) {
  for (long long i = firstIndex(); i < walk.count; i += gridThreads()) {
    long long at[2];
    locate(walk, i, at);
    out[at[1]] = f(a[at[0]]);
  }
}

template <class F, class Out, class A, class B>
__device__ inline void mapStrided(F f, const Walk<3>& walk, Out* out, const A* a, const B* b) {
  for (long long i = firstIndex(); i < walk.count; i += gridThreads()) {
    long long at[3];
    locate(walk, i, at);
    out[at[2]] = f(a[at[0]], b[at[1]]);
  }
}

template <class F, class Out, class A, class B, class C>
__device__ inline void mapStrided(F f, const Walk<4>& walk, Out* out, const A* a, const B* b,
                                  const C* c) {
  for (long long i = firstIndex(); i < walk.count; i += gridThreads()) {
    long long at[4];
    locate(walk, i, at);
    out[at[3]] = f(a[at[0]], b[at[1]], c[at[2]]);
  }
}

template <class E>
struct Constant {
  E value;
  __device__ E operator()() const { return value; }
};

struct Identity {
  template <class E>
  __device__ E operator()(E x) const {
    return x;
  }
};

// Rounds to the nearest number of another type.
template <class To>
struct Convert {
  template <class E>
  __device__ To operator()(E x) const {
    return (To)x;
  }
};
