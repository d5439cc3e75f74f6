// Runs the threads of one block: warps of 32 lanes, in an order drawn anew between any two barriers.
#pragma once

#include <cstddef>
#include <string>

#include "kernel_image.h"
#include "random_order.h"

namespace software {

constexpr int warpSize = 32;
constexpr int maxBlockThreads = 1024;

struct BlockLaunch {
  const Image *image;
  const Entry *entry;
  const char *arguments;
  BlockPosition position;
  size_t dynamicShared;
};

// Empty if all threads returned, else what went wrong.
std::string runBlock(const BlockLaunch &launch, Random &random);

const Runtime *runtime();

}  // namespace software
