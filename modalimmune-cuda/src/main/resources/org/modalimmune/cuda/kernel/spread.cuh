// Operands of fewer elements than the dense output: a row for each of its rows, an element for each.
// Needs view.cuh.

// Elements of a row of the output, and how to divide by them.
struct Period {
  long long size;
  unsigned magic;
  unsigned shift;
  int narrow;  // 1 if every index fits into 31 bits
};

__device__ inline long long quotient(long long i, const Period& every) {
  return every.narrow ? quotient((unsigned)i, every.magic, every.shift) : i / every.size;
}

__device__ inline long long remainder(long long i, const Period& every) {
  return i - quotient(i, every) * every.size;
}

// in[i % size] for the four i of pack p.
template <class E>
__device__ inline Pack<E> rowPack(const E* in, const Period& every, long long p) {
  long long at = remainder(p * LANES, every);
  if (at + LANES <= every.size && aligned(in + at)) {
    return *(const Pack<E>*)(in + at);
  }
  Pack<E> x;
#pragma unroll
  for (int l = 0; l < LANES; l++) {
    x.lane[l] = in[at];
    at = at + 1 < every.size ? at + 1 : 0;
  }
  return x;
}

// in[i / size] for the four i of pack p.
template <class E>
__device__ inline Pack<E> columnPack(const E* in, const Period& every, long long p) {
  long long row = quotient(p * LANES, every);
  long long rest = p * LANES - row * every.size;
  Pack<E> x;
#pragma unroll
  for (int l = 0; l < LANES; l++) {
    x.lane[l] = in[row];
    rest++;
    if (rest == every.size && l + 1 < LANES) {
      rest = 0;
      row++;
    }
  }
  return x;
}
