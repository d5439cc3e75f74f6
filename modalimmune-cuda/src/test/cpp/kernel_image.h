// What a compiled kernel image and the software device know of each other. Included by kernels, so it includes nothing.
#pragma once

namespace software {

struct Index {
  unsigned x, y, z;
};

// Where a block stands in its launch.
struct BlockPosition {
  Index block, blockSize, gridSize;
};

enum class Exchange { Shuffle, Ballot, Synchronize };

// What the device does for a running kernel.
struct Runtime {
  // Waits for all threads of the block and returns how many of them gave a predicate that holds.
  int (*barrier)(int line, int predicate);
  // Waits for the lanes of the mask; a shuffle returns the value that lane `source` gave.
  unsigned long long (*exchange)(Exchange kind, unsigned mask, unsigned long long value, int source);
  void *(*dynamicShared)();
  [[noreturn]] void (*fail)(const char *why);
  // Asked before every access when the image is instrumented.
  void (*access)(const void *address, unsigned bytes, bool write, bool atomic);
};

struct Parameter {
  unsigned offset, size;
  bool pointer;
};

struct Entry {
  const char *name;
  void (*invoke)(const char *packedArguments);
  const Parameter *parameters;
  int count;
  unsigned bytes;
  int maxThreads;
};

// How the two agree on the layout of this file.
constexpr int imageVersion = 2;

struct Image {
  int version;
  int capability;
  const Entry *entries;
  int count;
  const Index **thread;
  const BlockPosition **position;
  const Runtime **runtime;
  char *sharedBegin;
  char *sharedEnd;
};

}  // namespace software
