#include "memory.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "software.h"

namespace software {
namespace {

constexpr size_t guardBytes = 256;
constexpr unsigned char guardPattern = 0xA5;
// Eight of these bytes are NaN as a float and as a double.
constexpr unsigned char freshPattern = 0xFF;
constexpr size_t alignment = 256;
// Filling all of a large allocation would cost more than what runs on it.
constexpr size_t freshBytes = size_t(1) << 20;

struct Allocation {
  size_t bytes;
  MemoryKind kind;
  int context;
};

std::map<uintptr_t, Allocation> &allocations() {
  static std::map<uintptr_t, Allocation> all;
  return all;
}

size_t used = 0;

const std::pair<const uintptr_t, Allocation> *holder(const void *address) {
  auto at = reinterpret_cast<uintptr_t>(address);
  auto next = allocations().upper_bound(at);
  if (next == allocations().begin()) {
    return nullptr;
  }
  auto found = std::prev(next);
  return at <= found->first + found->second.bytes ? &*found : nullptr;
}

std::string damage(uintptr_t start, size_t bytes) {
  auto *begin = reinterpret_cast<const unsigned char *>(start);
  for (size_t i = 1; i <= guardBytes; i++) {
    if (begin[-static_cast<ptrdiff_t>(i)] != guardPattern) {
      return std::to_string(i) + " bytes before";
    }
  }
  for (size_t i = 0; i < guardBytes; i++) {
    if (begin[bytes + i] != guardPattern) {
      return std::to_string(i) + " bytes after the end of";
    }
  }
  return "";
}

CUresult check(uintptr_t start, size_t bytes, const char *after) {
  std::string where = damage(start, bytes);
  if (where.empty()) {
    return CUDA_SUCCESS;
  }
  return failed(CUDA_ERROR_ILLEGAL_ADDRESS, std::string(after) + ": a write " + where + " an allocation of " +
                                                std::to_string(bytes) + " bytes");
}

void give(uintptr_t start, const Allocation &allocation) {
  if (allocation.kind == MemoryKind::Device) {
    used -= allocation.bytes;
  }
  std::memset(reinterpret_cast<void *>(start), freshPattern, std::min(allocation.bytes, freshBytes));
  std::free(reinterpret_cast<void *>(start - guardBytes));
}

}  // namespace

size_t memoryLimit() { return static_cast<size_t>(setting("memory-mib", 2048)) << 20; }

size_t memoryUsed() { return used; }

void *allocate(size_t bytes, MemoryKind kind, int context) {
  if (kind == MemoryKind::Device && (bytes > memoryLimit() || used > memoryLimit() - bytes)) {
    return nullptr;
  }
  size_t whole = (guardBytes + bytes + guardBytes + alignment - 1) / alignment * alignment;
  auto *block = static_cast<unsigned char *>(std::aligned_alloc(alignment, whole));
  if (!block) {
    return nullptr;
  }
  unsigned char *start = block + guardBytes;
  std::memset(block, guardPattern, guardBytes);
  std::memset(start, freshPattern, std::min(bytes, freshBytes));
  std::memset(start + bytes, guardPattern, guardBytes);
  allocations()[reinterpret_cast<uintptr_t>(start)] = {bytes, kind, context};
  if (kind == MemoryKind::Device) {
    used += bytes;
  }
  return start;
}

CUresult release(void *address, MemoryKind kind) {
  auto found = allocations().find(reinterpret_cast<uintptr_t>(address));
  if (found == allocations().end() || found->second.kind != kind) {
    return failed(CUDA_ERROR_INVALID_VALUE, "free: the address is not that of a live allocation; freed twice?");
  }
  CUresult result = check(found->first, found->second.bytes, "free");
  give(found->first, found->second);
  allocations().erase(found);
  return result;
}

CUresult checkGuards(const void *address, const char *after) {
  auto *found = holder(address);
  return found ? check(found->first, found->second.bytes, after) : CUDA_SUCCESS;
}

CUresult checkAllGuards(const char *after) {
  for (auto &[start, allocation] : allocations()) {
    if (CUresult result = check(start, allocation.bytes, after)) {
      return result;
    }
  }
  return CUDA_SUCCESS;
}

bool known(const void *address, size_t bytes) {
  auto *found = holder(address);
  return found && reinterpret_cast<uintptr_t>(address) + bytes <= found->first + found->second.bytes;
}

bool holdingRange(const void *address, size_t bytes, std::pair<uintptr_t, uintptr_t> &range) {
  auto *found = holder(address);
  if (!found || reinterpret_cast<uintptr_t>(address) + bytes > found->first + found->second.bytes) {
    return false;
  }
  range = {found->first, found->first + found->second.bytes};
  return true;
}

int releaseAll(int context) {
  int count = 0;
  for (auto next = allocations().begin(); next != allocations().end();) {
    if (next->second.context == context) {
      give(next->first, next->second);
      next = allocations().erase(next);
      count++;
    } else {
      ++next;
    }
  }
  return count;
}

int liveAllocations() { return static_cast<int>(allocations().size()); }

}  // namespace software
