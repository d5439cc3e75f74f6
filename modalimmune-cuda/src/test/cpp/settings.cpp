// Settings, errors on demand and what failed: the handles by which tests steer the software device.
#include <atomic>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "software.h"

namespace software {
namespace {

struct Injection {
  int callsBefore;
  int result;
};

struct Steering {
  std::map<std::string, long long> settings;
  std::map<std::string, Injection> injections;
  std::map<std::string, long long> calls;
  std::string failure;
};

Steering &steering() {
  static Steering instance;
  return instance;
}

std::string variable(const char *name) {
  std::string text = "MODALIMMUNE_SOFTWARE_";
  for (const char *c = name; *c; c++) {
    text += *c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
  }
  return text;
}

}  // namespace

std::recursive_mutex &deviceLock() {
  static std::recursive_mutex lock;
  return lock;
}

long long setting(const char *name, long long otherwise) {
  auto found = steering().settings.find(name);
  if (found != steering().settings.end()) {
    return found->second;
  }
  const char *text = std::getenv(variable(name).c_str());
  return text ? std::atoll(text) : otherwise;
}

int injected(const char *call) {
  steering().calls[call]++;
  auto found = steering().injections.find(call);
  if (found == steering().injections.end() || found->second.callsBefore-- > 0) {
    return 0;
  }
  int result = found->second.result;
  steering().injections.erase(found);
  return result;
}

int &libraryHandles() {
  static int count = 0;
  return count;
}

CUresult failed(CUresult result, const std::string &what) {
  if (steering().failure.empty()) {
    steering().failure = what;
  }
  std::fprintf(stderr, "software CUDA device: %s (seed %llu)\n", what.c_str(), static_cast<unsigned long long>(seed()));
  return result;
}

uint64_t seed() {
  long long given = setting("seed", -1);
  if (given >= 0) {
    return static_cast<uint64_t>(given);
  }
  uint64_t drawn = std::random_device{}() & 0x7fffffff;
  steering().settings["seed"] = static_cast<long long>(drawn);
  return drawn;
}

}  // namespace software

extern "C" {

// Changes a setting: memory-mib, capability, driver-version, devices, seed.
void softwareSet(const char *name, long long value) {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  software::steering().settings[name] = value;
}

// Back to the environment's settings, without errors on demand, counts or a failure.
void softwareReset() {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  software::steering() = software::Steering();
}

// The call of that name gives `result` once, after `callsBefore` more calls that go well.
void softwareFail(const char *call, int callsBefore, int result) {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  software::steering().injections[call] = {callsBefore, result};
}

// How often the entry point of that name was called since the last reset.
long long softwareCalls(const char *call) {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  return software::steering().calls[call];
}

// What failed first since the last reset, in words; empty if nothing did. Valid until then.
const char *softwareFailure() {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  return software::steering().failure.c_str();
}

// As if nothing had failed yet.
void softwareForget() {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  software::steering().failure.clear();
}

}  // extern "C"
