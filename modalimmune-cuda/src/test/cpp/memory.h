// Device and pinned memory: malloc with guard bytes on both sides, and a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "result.h"

namespace software {

enum class MemoryKind { Device, Pinned };

// Null if it does not fit below the limit. The content is a pattern that reads as NaN.
void *allocate(size_t bytes, MemoryKind kind, int context);

// CUDA_ERROR_INVALID_VALUE for an address that is not the start of a live allocation; CUDA_ERROR_ILLEGAL_ADDRESS if the
// guard bytes were written to.
CUresult release(void *address, MemoryKind kind);

// Looks at the guard bytes of the allocation that holds the address, if there is one.
CUresult checkGuards(const void *address, const char *after);

// Looks at all guard bytes.
CUresult checkAllGuards(const char *after);

// The range of the allocation that holds all the bytes; false if there is none.
bool holdingRange(const void *address, size_t bytes, std::pair<uintptr_t, uintptr_t> &range);

size_t memoryLimit();
size_t memoryUsed();

// Frees what a context still holds and says how many allocations that were.
int releaseAll(int context);

int liveAllocations();

}  // namespace software
