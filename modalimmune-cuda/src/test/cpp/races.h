// Watches every access of an instrumented kernel: out of bounds, or a race.
//
// Two accesses to one word, at least one of them a write and not both atomic, race unless something orders them: within a
// block a barrier in between, or an exchange of lanes if both threads are of one warp; between blocks of a launch an atomic
// operation of the first block after its access and one of the second block, later, before its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kernel_image.h"

namespace software {

class Races {
 public:
  // Ranges are the data of the kernel's image, which may be read and written like device memory.
  void beginLaunch(const std::vector<std::pair<uintptr_t, uintptr_t>> &imageRanges);
  void beginBlock(const char *sharedBegin, const char *sharedEnd, const char *dynamicBegin, const char *dynamicEnd);
  // Data of the device itself that a running thread reads: where it stands, and what it may call.
  void allow(const void *begin, size_t bytes);
  void barrierPassed();
  void warpMet(int firstThread, unsigned mask);

  // Null if the access is in order, else what is wrong with it.
  const char *access(const void *address, unsigned bytes, bool write, bool atomic, int thread);

 private:
  struct Access {
    uint64_t block = 0;
    uint64_t barrier = 0;
    uint64_t warpClock = 0;
    uint64_t time = 0;
    int thread = -1;
    bool atomic = false;
    // Threads of more than one warp, or more than one thread.
    bool manyWarps = false, many = false;
    unsigned bytesMask = 0;
  };

  struct Word {
    Access write, read;
  };

  enum class Place { Private, Shared, Global, Unknown };

  Place place(uintptr_t address, unsigned bytes);
  Word &word(uintptr_t number);
  bool ordered(const Access &before, const Access &now, Place place) const;
  const char *conflict(const Word &word, const Access &now, bool write, Place place);

  std::unordered_map<uintptr_t, std::unique_ptr<Word[]>> pages;
  std::vector<std::pair<uintptr_t, uintptr_t>> images, own;
  std::pair<uintptr_t, uintptr_t> shared, dynamic, lastKnown{0, 0};
  std::unordered_map<uint64_t, uint64_t> lastAtomic;
  std::vector<uint64_t> warpClocks;
  uint64_t block = 0, firstBlockOfLaunch = 0, barrier = 0, time = 0;
  std::string message;
};

Races &races();

}  // namespace software
