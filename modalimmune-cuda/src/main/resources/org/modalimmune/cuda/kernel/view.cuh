// Where the elements of strided operands lie, and how a grid goes over them.
//
// T is the element type of the compilation: REAL is float or double. Every kernel is correct for any
// grid: threads stride over the work.

typedef REAL T;

#define WALK_RANK 8
#define LANES 4

// N operands of one shape, walked together; axes outermost first, merged by the host where all
// operands run on. Positions are in elements, relative to each operand's first element.
template <int N>
struct Walk {
  long long count;  // elements of the shape
  int rank;         // axes in use, at least 1
  int narrow;       // 1 if every index fits into 31 bits: division by multiplication
  long long dims[WALK_RANK];
  unsigned magic[WALK_RANK];
  unsigned shift[WALK_RANK];
  long long strides[N][WALK_RANK];
};

// n / d for n < 2^31 (Granlund and Montgomery, "Division by invariant integers using
// multiplication", PLDI 1994); the host computes magic and shift of d.
__device__ inline unsigned quotient(unsigned n, unsigned magic, unsigned shift) {
  return (__umulhi(n, magic) + n) >> shift;
}

// Positions of row-major element `index` in each operand.
template <int N>
__device__ inline void locate(const Walk<N>& walk, long long index, long long (&at)[N]) {
  for (int k = 0; k < N; k++) {
    at[k] = 0;
  }
  if (walk.narrow) {
    unsigned rest = (unsigned)index;
    for (int axis = walk.rank - 1; axis > 0; axis--) {
      unsigned outer = quotient(rest, walk.magic[axis], walk.shift[axis]);
      unsigned here = rest - outer * (unsigned)walk.dims[axis];
      for (int k = 0; k < N; k++) {
        at[k] += here * walk.strides[k][axis];
      }
      rest = outer;
    }
    for (int k = 0; k < N; k++) {
      at[k] += rest * walk.strides[k][0];
    }
  } else {
    long long rest = index;
    for (int axis = walk.rank - 1; axis > 0; axis--) {
      long long outer = rest / walk.dims[axis];
      long long here = rest - outer * walk.dims[axis];
      for (int k = 0; k < N; k++) {
        at[k] += here * walk.strides[k][axis];
      }
      rest = outer;
    }
    for (int k = 0; k < N; k++) {
      at[k] += rest * walk.strides[k][0];
    }
  }
}

// Four consecutive elements: one 16-byte access for float, two for double.
template <class E>
struct alignas(16) Pack {
  E lane[LANES];
};

template <class E>
__device__ inline bool aligned(const E* p) {
  return ((unsigned long long)p & 15) == 0;
}

__device__ inline long long firstIndex() {
  return (long long)blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ inline long long gridThreads() {
  return (long long)gridDim.x * blockDim.x;
}
