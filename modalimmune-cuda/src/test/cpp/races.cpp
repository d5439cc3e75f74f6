#include "races.h"

#include <algorithm>
#include <sstream>

#include "memory.h"
#include "software.h"

namespace software {
namespace {

constexpr unsigned wordBytes = 4;
constexpr uintptr_t pageWords = 1024;
constexpr int maxWarps = 32;
constexpr int lanes = 32;
// A kernel's own variables lie this close to its stack pointer.
constexpr uintptr_t stackReach = 256 << 10;

bool inside(uintptr_t address, unsigned bytes, std::pair<uintptr_t, uintptr_t> range) {
  return address >= range.first && address + bytes <= range.second;
}

}  // namespace

Races &races() {
  static Races instance;
  return instance;
}

void Races::beginLaunch(const std::vector<std::pair<uintptr_t, uintptr_t>> &imageRanges) {
  images = imageRanges;
  lastKnown = {0, 0};
  lastAtomic.clear();
  firstBlockOfLaunch = block + 1;
}

void Races::beginBlock(const char *sharedBegin, const char *sharedEnd, const char *dynamicBegin, const char *dynamicEnd) {
  shared = {reinterpret_cast<uintptr_t>(sharedBegin), reinterpret_cast<uintptr_t>(sharedEnd)};
  dynamic = {reinterpret_cast<uintptr_t>(dynamicBegin), reinterpret_cast<uintptr_t>(dynamicEnd)};
  own.clear();
  block++;
  barrier++;
  warpClocks.assign(maxWarps, 0);
}

void Races::allow(const void *begin, size_t bytes) {
  auto at = reinterpret_cast<uintptr_t>(begin);
  own.emplace_back(at, at + bytes);
}

void Races::barrierPassed() { barrier++; }

void Races::warpMet(int firstThread, unsigned mask) {
  (void)mask;
  warpClocks[static_cast<size_t>(firstThread / lanes)]++;
}

Races::Place Races::place(uintptr_t address, unsigned bytes) {
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (address > here - stackReach && address < here + stackReach) {
    return Place::Private;
  }
  if (inside(address, bytes, shared) || inside(address, bytes, dynamic)) {
    return Place::Shared;
  }
  if (inside(address, bytes, lastKnown)) {
    return Place::Global;
  }
  for (auto &range : own) {
    if (inside(address, bytes, range)) {
      return Place::Private;
    }
  }
  for (auto &range : images) {
    if (inside(address, bytes, range)) {
      // Shared memory of templates: g++ does not put it into the section it is told.
      return Place::Shared;
    }
  }
  if (holdingRange(reinterpret_cast<const void *>(address), bytes, lastKnown)) {
    return Place::Global;
  }
  return Place::Unknown;
}

Races::Word &Races::word(uintptr_t number) {
  auto &page = pages[number / pageWords];
  if (!page) {
    page = std::make_unique<Word[]>(pageWords);
  }
  return page[number % pageWords];
}

bool Races::ordered(const Access &before, const Access &now, Place place) const {
  if (before.thread < 0 || before.block < firstBlockOfLaunch || (before.atomic && now.atomic)) {
    return true;
  }
  if (before.block != now.block) {
    if (place == Place::Shared) {
      return true;
    }
    auto first = lastAtomic.find(before.block);
    auto second = lastAtomic.find(now.block);
    return first != lastAtomic.end() && second != lastAtomic.end() && first->second > before.time &&
           second->second > first->second;
  }
  if (before.barrier != now.barrier || (before.thread == now.thread && !before.many)) {
    return true;
  }
  bool oneWarp = !before.manyWarps && before.thread / lanes == now.thread / lanes;
  return oneWarp && before.warpClock != now.warpClock;
}

const char *Races::conflict(const Word &word, const Access &now, bool write, Place place) {
  const char *before = nullptr;
  const Access *other = nullptr;
  if ((word.write.bytesMask & now.bytesMask) && !ordered(word.write, now, place)) {
    before = "written";
    other = &word.write;
  } else if (write && (word.read.bytesMask & now.bytesMask) && !ordered(word.read, now, place)) {
    before = "read";
    other = &word.read;
  }
  if (!other) {
    return nullptr;
  }
  std::ostringstream text;
  text << "race: " << (place == Place::Shared ? "shared" : "global") << " memory " << (write ? "written" : "read")
       << " that thread " << other->thread << " of " << (other->block == now.block ? "the same" : "another")
       << " block has " << before << ", with nothing in between that orders the two";
  message = text.str();
  return message.c_str();
}

const char *Races::access(const void *pointer, unsigned bytes, bool write, bool atomic, int thread) {
  auto address = reinterpret_cast<uintptr_t>(pointer);
  Place where = place(address, bytes);
  if (where == Place::Private) {
    return nullptr;
  }
  if (where == Place::Unknown) {
    message = std::string(write ? "a write" : "a read") + " of " + std::to_string(bytes) +
              " bytes outside all allocations";
    return message.c_str();
  }
  time++;
  if (atomic) {
    lastAtomic[block] = time;
  }
  Access now;
  now.block = block;
  now.barrier = barrier;
  now.warpClock = warpClocks[static_cast<size_t>(thread / lanes)];
  now.time = time;
  now.thread = thread;
  now.atomic = atomic;
  uintptr_t end = address + bytes;
  for (uintptr_t number = address / wordBytes; number * wordBytes < end; number++) {
    uintptr_t low = std::max(address, number * wordBytes) - number * wordBytes;
    uintptr_t high = std::min(end, (number + 1) * wordBytes) - number * wordBytes;
    now.bytesMask = ((1u << high) - 1) & ~((1u << low) - 1);
    Word &cell = word(number);
    if (const char *wrong = conflict(cell, now, write, where)) {
      return wrong;
    }
    Access &kept = write ? cell.write : cell.read;
    bool joins = kept.thread >= 0 && kept.block == now.block && kept.barrier == now.barrier;
    Access next = now;
    if (joins) {
      next.bytesMask |= kept.bytesMask;
      if (!write) {
        next.many = kept.many || kept.thread != thread;
        next.manyWarps = kept.manyWarps || kept.thread / lanes != thread / lanes;
      }
    }
    kept = next;
  }
  return nullptr;
}

}  // namespace software
