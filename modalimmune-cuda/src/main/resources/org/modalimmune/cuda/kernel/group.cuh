// Reductions over the threads of a warp or a block, in a fixed order.

#define WARP 32
#define BLOCK_WARPS 32
#define ALL_LANES 0xffffffffu

struct Sum {
  __device__ static double identity() { return 0; }
  __device__ static double combine(double a, double b) { return a + b; }
};

// NaN if there is one.
struct Max {
  __device__ static double identity() { return -1.0 / 0.0; }
  __device__ static double combine(double a, double b) { return a > b || a != a ? a : b; }
};

struct Min {
  __device__ static double identity() { return 1.0 / 0.0; }
  __device__ static double combine(double a, double b) { return a < b || a != a ? a : b; }
};

// The same total in all lanes: a butterfly gives every lane the same tree only if the operation
// commutes, so lane 0's total is handed out.
template <class Op>
__device__ inline double warpTotal(double v) {
  for (int d = WARP / 2; d > 0; d /= 2) {
    v = Op::combine(v, __shfl_down_sync(ALL_LANES, v, d));
  }
  return __shfl_sync(ALL_LANES, v, 0);
}

// The same total in all threads of a block of whole warps.
template <class Op>
__device__ inline double blockTotal(double v) {
  __shared__ double totals[BLOCK_WARPS];
  int warps = blockDim.x / WARP;
  v = warpTotal<Op>(v);
  if (warps == 1) {
    return v;
  }
  if (threadIdx.x % WARP == 0) {
    totals[threadIdx.x / WARP] = v;
  }
  __syncthreads();
  double all = totals[0];
  for (int w = 1; w < warps; w++) {
    all = Op::combine(all, totals[w]);
  }
  // nobody may start the next total before everybody has read this one
  __syncthreads();
  return all;
}
