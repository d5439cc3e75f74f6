// What the software device's libraries share: one lock, settings, memory that is known, and work put on a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "result.h"

namespace software {

// Held by every entry point of every library: the device does one thing at a time.
std::recursive_mutex &deviceLock();

// A setting by name: as given through softwareSet, else from the environment (MODALIMMUNE_SOFTWARE_ and the name in capitals,
// - written _), else the default.
long long setting(const char *name, long long otherwise);

// The error that a test asked this call to give now; 0 if none.
int injected(const char *call);

// Puts work at the end of a stream, or into the graph that the stream captures.
using Work = std::function<CUresult()>;
CUresult enqueue(void *stream, Work work);

// Handles of cuBLAS and cuSOLVER that are live.
int &libraryHandles();

// Whether all bytes lie inside one live allocation of the device or one pinned host allocation.
bool known(const void *address, size_t bytes);

// Keeps what went wrong for softwareFailure and prints it.
CUresult failed(CUresult result, const std::string &what);

// The seed of this run, from the setting `seed`; drawn and printed if there is none.
uint64_t seed();

}  // namespace software
