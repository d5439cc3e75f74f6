// Orders drawn from a seed.
#pragma once

#include <cstdint>

namespace software {

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Random {
  uint64_t state;

  uint64_t next() {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
};

// A permutation of 0 .. count - 1: start + i step, with a step that has no divisor in common with the count.
class RandomOrder {
 public:
  RandomOrder(uint64_t count, Random &random) : count(count), start(random.next() % count), step(1 + random.next() % count) {
    while (divisor(step, count) != 1) {
      step = step % count + 1;
    }
  }

  uint64_t operator[](uint64_t i) const { return (start + i * step) % count; }

 private:
  static uint64_t divisor(uint64_t a, uint64_t b) { return b == 0 ? a : divisor(b, a % b); }

  uint64_t count, start, step;
};

}  // namespace software
