#include "block.h"

#include <cstring>
#include <vector>

#include "fiber.h"
#include "races.h"

namespace software {
namespace {

enum class State { Ready, AtWarp, AtBarrier, Done };

struct Thread {
  Index index;
  State state;
  Fiber *fiber;
  // At a barrier: where, and this thread's predicate.
  int line, predicate;
  // At a warp's exchange: what this lane asks for and gives, and what it gets.
  Exchange kind;
  unsigned mask;
  unsigned long long value;
  int source;
};

constexpr size_t sharedGuard = 64;
constexpr unsigned char guardPattern = 0xA5;
constexpr unsigned char freshPattern = 0xFF;

// The device runs one block at a time, under its lock.
class BlockRun {
 public:
  std::string run(const BlockLaunch &launch, Random &random);

  Thread *current = nullptr;
  const BlockLaunch *launched = nullptr;
  int votes = 0;
  std::vector<char> dynamic;

  void leave() { softwareSwitch(&current->fiber->stackPointer, scheduler); }

  [[noreturn]] void stop(const std::string &why) {
    failure = why;
    void *abandoned;
    softwareSwitch(&abandoned, scheduler);
    __builtin_unreachable();
  }

 private:
  void prepare(const BlockLaunch &launch);
  void resume(Thread &thread);
  bool runWarp(int first, int last, Random &random);
  std::string exchange(int first, int last, bool &progress);
  std::string passBarrier(bool &finished);
  std::string where() const;

  std::vector<Thread> threads;
  std::vector<Fiber *> idle;
  void *scheduler = nullptr;
  std::string failure;
};

BlockRun &block() {
  static BlockRun instance;
  return instance;
}

// What every fiber does: runs the thread it is given, then waits for another one.
void fiberBody() {
  while (true) {
    BlockRun &run = block();
    run.launched->entry->invoke(run.launched->arguments);
    run.current->state = State::Done;
    run.leave();
  }
}

int barrier(int line, int predicate) {
  BlockRun &run = block();
  Thread &thread = *run.current;
  thread.state = State::AtBarrier;
  thread.line = line;
  thread.predicate = predicate;
  run.leave();
  return run.votes;
}

unsigned long long exchangeLanes(Exchange kind, unsigned mask, unsigned long long value, int source) {
  BlockRun &run = block();
  Thread &thread = *run.current;
  thread.state = State::AtWarp;
  thread.kind = kind;
  thread.mask = mask;
  thread.value = value;
  thread.source = source;
  run.leave();
  return thread.value;
}

void *dynamicShared() { return block().dynamic.data() + sharedGuard; }

void failThread(const char *why) { block().stop(why); }

void access(const void *address, unsigned bytes, bool write, bool atomic) {
  BlockRun &run = block();
  Index i = run.current->index;
  Index size = run.launched->position.blockSize;
  unsigned thread = i.x + size.x * (i.y + size.y * i.z);
  const char *wrong = races().access(address, bytes, write, atomic, static_cast<int>(thread));
  if (wrong) {
    run.stop(wrong);
  }
}

std::string text(Index i) {
  return "(" + std::to_string(i.x) + ", " + std::to_string(i.y) + ", " + std::to_string(i.z) + ")";
}

void BlockRun::prepare(const BlockLaunch &launch) {
  launched = &launch;
  failure.clear();
  Index size = launch.position.blockSize;
  threads.clear();
  for (unsigned z = 0; z < size.z; z++) {
    for (unsigned y = 0; y < size.y; y++) {
      for (unsigned x = 0; x < size.x; x++) {
        threads.push_back({{x, y, z}, State::Ready, nullptr, 0, 0, Exchange::Synchronize, 0, 0, 0});
      }
    }
  }
  dynamic.assign(launch.dynamicShared + 2 * sharedGuard, static_cast<char>(freshPattern));
  std::memset(dynamic.data(), guardPattern, sharedGuard);
  std::memset(dynamic.data() + sharedGuard + launch.dynamicShared, guardPattern, sharedGuard);
  const Image *image = launch.image;
  std::memset(image->sharedBegin, freshPattern, static_cast<size_t>(image->sharedEnd - image->sharedBegin));
  *image->position = &launch.position;
  races().beginBlock(image->sharedBegin, image->sharedEnd, dynamic.data() + sharedGuard,
                     dynamic.data() + sharedGuard + launch.dynamicShared);
  races().allow(threads.data(), threads.size() * sizeof(Thread));
  races().allow(&launch.position, sizeof launch.position);
  races().allow(runtime(), sizeof *runtime());
}

void BlockRun::resume(Thread &thread) {
  if (!thread.fiber) {
    if (idle.empty()) {
      idle.push_back(newFiber(fiberBody));
    }
    thread.fiber = idle.back();
    idle.pop_back();
  }
  current = &thread;
  *launched->image->thread = &thread.index;
  softwareSwitch(&scheduler, thread.fiber->stackPointer);
  if (thread.state == State::Done) {
    idle.push_back(thread.fiber);
    thread.fiber = nullptr;
  }
}

// Runs a warp's lanes until all of them have returned or wait at a barrier.
bool BlockRun::runWarp(int first, int last, Random &random) {
  bool progress = true;
  while (progress) {
    RandomOrder lanes(static_cast<uint64_t>(last - first), random);
    for (int i = 0; i < last - first; i++) {
      Thread &thread = threads[static_cast<size_t>(first) + lanes[static_cast<uint64_t>(i)]];
      if (thread.state == State::Ready) {
        resume(thread);
        if (!failure.empty()) {
          return false;
        }
      }
    }
    failure = exchange(first, last, progress);
    if (!failure.empty()) {
      return false;
    }
  }
  return true;
}

// Gives their values to the lanes whose partners have all arrived.
std::string BlockRun::exchange(int first, int last, bool &progress) {
  progress = false;
  bool waiting = false;
  for (int lane = first; lane < last; lane++) {
    Thread &thread = threads[static_cast<size_t>(lane)];
    if (thread.state != State::AtWarp) {
      continue;
    }
    waiting = true;
    unsigned all = last - first == warpSize ? ~0u : (1u << (last - first)) - 1;
    unsigned mask = thread.mask & all;
    if (!(mask >> (lane - first) & 1)) {
      return "a lane takes part in an exchange of lanes whose mask leaves it out";
    }
    bool complete = true;
    unsigned ballot = 0;
    unsigned long long values[warpSize];
    for (int other = first; other < last; other++) {
      int k = other - first;
      Thread &partner = threads[static_cast<size_t>(other)];
      if (mask >> k & 1) {
        if (partner.state == State::Done) {
          return "an exchange of lanes waits for a lane that has returned";
        }
        complete &= partner.state == State::AtWarp;
        if (partner.state == State::AtWarp && (partner.mask != thread.mask || partner.kind != thread.kind)) {
          complete = false;
        }
        values[k] = partner.value;
        ballot |= partner.state == State::AtWarp && partner.value ? 1u << k : 0;
      }
    }
    if (!complete) {
      continue;
    }
    for (int other = first; other < last; other++) {
      int k = other - first;
      if (mask >> k & 1) {
        Thread &partner = threads[static_cast<size_t>(other)];
        if (partner.kind == Exchange::Ballot) {
          partner.value = ballot;
        } else if (partner.kind == Exchange::Shuffle) {
          bool gives = partner.source >= 0 && partner.source < warpSize && (mask >> partner.source & 1);
          // What a lane outside the mask gives is undefined.
          partner.value = gives ? values[partner.source] : ~0ull;
        }
        partner.state = State::Ready;
      }
    }
    races().warpMet(first, mask);
    progress = true;
  }
  return waiting && !progress ? "lanes of one warp wait for each other in different places" : "";
}

std::string BlockRun::passBarrier(bool &finished) {
  int waiting = 0;
  int line = 0;
  votes = 0;
  for (Thread &thread : threads) {
    if (thread.state == State::AtBarrier) {
      if (waiting > 0 && thread.line != line) {
        return "divergent barrier: threads of one block wait in lines " + std::to_string(line) + " and " +
               std::to_string(thread.line);
      }
      line = thread.line;
      waiting++;
      votes += thread.predicate != 0;
    }
  }
  finished = waiting == 0;
  if (!finished && waiting < static_cast<int>(threads.size())) {
    return "divergent barrier: " + std::to_string(waiting) + " of " + std::to_string(threads.size()) +
           " threads wait in line " + std::to_string(line) + ", the others have returned";
  }
  for (Thread &thread : threads) {
    if (thread.state == State::AtBarrier) {
      thread.state = State::Ready;
    }
  }
  races().barrierPassed();
  return "";
}

std::string BlockRun::where() const {
  return std::string(launched->entry->name) + ", block " + text(launched->position.block);
}

std::string BlockRun::run(const BlockLaunch &launch, Random &random) {
  prepare(launch);
  int count = static_cast<int>(threads.size());
  int warps = (count + warpSize - 1) / warpSize;
  bool finished = false;
  while (!finished && failure.empty()) {
    RandomOrder order(static_cast<uint64_t>(warps), random);
    for (int i = 0; i < warps; i++) {
      int first = static_cast<int>(order[static_cast<uint64_t>(i)]) * warpSize;
      if (!runWarp(first, first + warpSize < count ? first + warpSize : count, random)) {
        // Fibers that are in the middle of a thread are given up with it.
        return where() + ", thread " + text(current->index) + ": " + failure;
      }
    }
    failure = passBarrier(finished);
  }
  if (!failure.empty()) {
    return where() + ": " + failure;
  }
  for (size_t i = 0; i < sharedGuard; i++) {
    if (dynamic[i] != static_cast<char>(guardPattern) ||
        dynamic[sharedGuard + launch.dynamicShared + i] != static_cast<char>(guardPattern)) {
      return where() + ": a write beyond the dynamic shared memory of " + std::to_string(launch.dynamicShared) + " bytes";
    }
  }
  return "";
}

}  // namespace

std::string runBlock(const BlockLaunch &launch, Random &random) { return block().run(launch, random); }

const Runtime *runtime() {
  static const Runtime instance = {barrier, exchangeLanes, dynamicShared, failThread, access};
  return &instance;
}

}  // namespace software
