// libcuda.so.1: the entry points of the driver API that the backend calls. Signatures as in NVIDIA's cuda.h.
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "context.h"
#include "memory.h"
#include "module.h"
#include "software.h"
#include "stream.h"

namespace software {
namespace {

struct Context {
  int users = 0;
  CUresult sticky = CUDA_SUCCESS;
};

Context contexts[maxDevices];
bool initialised = false;
int leaks = 0;
thread_local int current = -1;

int devices() { return static_cast<int>(setting("devices", 1)); }

// A context's handle is the address of its state.
Context *handle(int device) { return &contexts[device]; }

int number(const void *context) {
  for (int i = 0; i < maxDevices; i++) {
    if (&contexts[i] == context) {
      return i;
    }
  }
  return -1;
}

struct GraphExec {
  int context;
  std::vector<Work> nodes;
};

// What a context gives back when its last user leaves.
void destroyContext(int device) {
  drainContext(device);
  int modules = unloadAll(device);
  int streams = destroyAll(device);
  int memory = releaseAll(device);
  if (modules + streams + memory > 0) {
    leaks += modules + streams + memory;
    failed(CUDA_SUCCESS, "context destroyed with " + std::to_string(modules) + " modules, " + std::to_string(streams) +
                             " streams and events, " + std::to_string(memory) + " allocations still in use");
  }
  contexts[device].sticky = CUDA_SUCCESS;
}

// Taken at the start of every entry point.
class Entered {
 public:
  explicit Entered(const char *call) : lock(deviceLock()), refused(injected(call)) {}

  // Calls that need the driver.
  CUresult driver() const { return refused ? refused : initialised ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED; }

  // Calls that need a context on this thread.
  CUresult context() const {
    CUresult result = driver();
    if (result) {
      return result;
    }
    return current < 0 || contexts[current].users == 0 ? CUDA_ERROR_INVALID_CONTEXT : contexts[current].sticky;
  }

  // Calls that may not be made while a stream captures, either.
  CUresult synchronous() const {
    CUresult result = context();
    return result ? result : refusedWhileCapturing(current);
  }

 private:
  std::lock_guard<std::recursive_mutex> lock;
  CUresult refused;
};

CUresult copy(void *stream, void *to, const void *from, size_t bytes, bool toDevice, bool fromDevice) {
  if ((toDevice && !known(to, bytes)) || (fromDevice && !known(from, bytes)) || !to || !from) {
    return bytes == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
  }
  return enqueue(stream, [=]() -> CUresult {
    if ((toDevice && !known(to, bytes)) || (fromDevice && !known(from, bytes))) {
      return failed(CUDA_ERROR_ILLEGAL_ADDRESS, "copy: memory was freed before the copy ran");
    }
    std::memcpy(to, from, bytes);
    return CUDA_SUCCESS;
  });
}

int attribute(int which) {
  long long capability = setting("capability", 75);
  switch (which) {
    case 1: return 1024;                              // MAX_THREADS_PER_BLOCK
    case 2: case 3: return 1024;                      // MAX_BLOCK_DIM_X, Y
    case 4: return 64;                                // MAX_BLOCK_DIM_Z
    case 5: return 0x7fffffff;                        // MAX_GRID_DIM_X
    case 6: case 7: return 65535;                     // MAX_GRID_DIM_Y, Z
    case 8: return 48 << 10;                          // MAX_SHARED_MEMORY_PER_BLOCK
    case 10: return 32;                               // WARP_SIZE
    case 12: return 65536;                            // MAX_REGISTERS_PER_BLOCK
    case 13: return 1000000;                          // CLOCK_RATE in kHz
    case 16: return 2;                                // MULTIPROCESSOR_COUNT
    case 36: return 1000000;                          // MEMORY_CLOCK_RATE in kHz
    case 37: return 64;                               // GLOBAL_MEMORY_BUS_WIDTH in bits
    case 38: return 1 << 20;                          // L2_CACHE_SIZE
    case 39: return 1024;                             // MAX_THREADS_PER_MULTIPROCESSOR
    case 41: return 1;                                // UNIFIED_ADDRESSING
    case 75: return static_cast<int>(capability / 10);  // COMPUTE_CAPABILITY_MAJOR
    case 76: return static_cast<int>(capability % 10);  // COMPUTE_CAPABILITY_MINOR
    case 81: return 64 << 10;                         // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
    case 82: return 65536;                            // MAX_REGISTERS_PER_MULTIPROCESSOR
    case 97: return static_cast<int>(setting("shared-memory-kib", 64)) << 10;  // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    default: return 0;
  }
}

// Arguments as one packed buffer, whichever way they came.
CUresult pack(const Entry *entry, void **parameters, void **extra, std::vector<char> &packed) {
  packed.assign(entry->bytes, 0);
  if (parameters) {
    for (int i = 0; i < entry->count; i++) {
      std::memcpy(packed.data() + entry->parameters[i].offset, parameters[i], entry->parameters[i].size);
    }
    return CUDA_SUCCESS;
  }
  const void *buffer = nullptr;
  size_t bytes = 0;
  // CU_LAUNCH_PARAM_BUFFER_POINTER is 1, CU_LAUNCH_PARAM_BUFFER_SIZE 2, CU_LAUNCH_PARAM_END 0.
  for (int i = 0; extra && extra[i]; i += 2) {
    auto key = reinterpret_cast<uintptr_t>(extra[i]);
    if (key == 1) {
      buffer = extra[i + 1];
    } else if (key == 2) {
      bytes = *static_cast<size_t *>(extra[i + 1]);
    } else {
      return CUDA_ERROR_INVALID_VALUE;
    }
  }
  if (bytes != entry->bytes || (bytes > 0 && !buffer)) {
    return failed(CUDA_ERROR_INVALID_VALUE, std::string(entry->name) + ": " + std::to_string(bytes) +
                                                " bytes of arguments came, its parameters take " +
                                                std::to_string(entry->bytes));
  }
  std::memcpy(packed.data(), buffer, bytes);
  return CUDA_SUCCESS;
}

}  // namespace

int currentContext() { return current; }

CUresult stickyError(int context) { return context < 0 ? CUDA_ERROR_INVALID_CONTEXT : contexts[context].sticky; }

void setStickyError(int context, CUresult result) {
  if (context >= 0 && !contexts[context].sticky) {
    contexts[context].sticky = result;
  }
}

const char *resultName(CUresult result) {
  switch (result) {
#define NAMED(code) \
  case code: return #code;
    NAMED(CUDA_SUCCESS)
    NAMED(CUDA_ERROR_INVALID_VALUE)
    NAMED(CUDA_ERROR_OUT_OF_MEMORY)
    NAMED(CUDA_ERROR_NOT_INITIALIZED)
    NAMED(CUDA_ERROR_NO_DEVICE)
    NAMED(CUDA_ERROR_INVALID_DEVICE)
    NAMED(CUDA_ERROR_INVALID_IMAGE)
    NAMED(CUDA_ERROR_INVALID_CONTEXT)
    NAMED(CUDA_ERROR_NO_BINARY_FOR_GPU)
    NAMED(CUDA_ERROR_INVALID_HANDLE)
    NAMED(CUDA_ERROR_NOT_FOUND)
    NAMED(CUDA_ERROR_NOT_READY)
    NAMED(CUDA_ERROR_ILLEGAL_ADDRESS)
    NAMED(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES)
    NAMED(CUDA_ERROR_LAUNCH_TIMEOUT)
    NAMED(CUDA_ERROR_LAUNCH_FAILED)
    NAMED(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED)
    NAMED(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED)
    NAMED(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD)
#undef NAMED
    default: return nullptr;
  }
}

}  // namespace software

using namespace software;

// Leaves an entry point with an error, if there is one.
#define CHECK(expression)              \
  do {                                 \
    CUresult checked = (expression);   \
    if (checked) {                     \
      return checked;                  \
    }                                  \
  } while (false)

#define ENTER Entered entered(__func__)
#define REQUIRE(condition, code) \
  if (!(condition)) {            \
    return code;                 \
  }

extern "C" {

CUresult cuInit(unsigned flags) {
  ENTER;
  REQUIRE(flags == 0, CUDA_ERROR_INVALID_VALUE);
  initialised = true;
  CUresult result = entered.driver();
  initialised = result == CUDA_SUCCESS && devices() > 0;
  return result ? result : devices() > 0 ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}

CUresult cuDriverGetVersion(int *version) {
  ENTER;
  REQUIRE(version, CUDA_ERROR_INVALID_VALUE);
  *version = static_cast<int>(setting("driver-version", 13000));
  return CUDA_SUCCESS;
}

CUresult cuGetErrorName(CUresult code, const char **name) {
  *name = resultName(code);
  return *name ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuGetErrorString(CUresult code, const char **text) {
  const char *name = resultName(code);
  *text = name ? "as said by the software CUDA device" : nullptr;
  return name ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuDeviceGetCount(int *count) {
  ENTER;
  CHECK(entered.driver());
  *count = devices();
  return CUDA_SUCCESS;
}

CUresult cuDeviceGet(int *device, int ordinal) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(ordinal >= 0 && ordinal < devices(), CUDA_ERROR_INVALID_DEVICE);
  *device = ordinal;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetName(char *name, int length, int device) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(device >= 0 && device < devices(), CUDA_ERROR_INVALID_DEVICE);
  std::strncpy(name, "Software CUDA device", static_cast<size_t>(length));
  name[length - 1] = 0;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetAttribute(int *value, int which, int device) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(device >= 0 && device < devices(), CUDA_ERROR_INVALID_DEVICE);
  *value = attribute(which);
  return CUDA_SUCCESS;
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, int device) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(device >= 0 && device < devices(), CUDA_ERROR_INVALID_DEVICE);
  *bytes = memoryLimit();
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRetain(void **context, int device) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(device >= 0 && device < devices() && device < maxDevices, CUDA_ERROR_INVALID_DEVICE);
  contexts[device].users++;
  *context = handle(device);
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRelease_v2(int device) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(device >= 0 && device < devices() && device < maxDevices, CUDA_ERROR_INVALID_DEVICE);
  REQUIRE(contexts[device].users > 0, CUDA_ERROR_INVALID_CONTEXT);
  if (--contexts[device].users == 0) {
    destroyContext(device);
  }
  return CUDA_SUCCESS;
}

CUresult cuCtxSetCurrent(void *context) {
  ENTER;
  CHECK(entered.driver());
  int device = number(context);
  REQUIRE(!context || (device >= 0 && contexts[device].users > 0), CUDA_ERROR_INVALID_CONTEXT);
  current = device;
  return CUDA_SUCCESS;
}

CUresult cuCtxGetCurrent(void **context) {
  ENTER;
  CHECK(entered.driver());
  *context = current < 0 ? nullptr : handle(current);
  return CUDA_SUCCESS;
}

CUresult cuCtxGetDevice(int *device) {
  ENTER;
  CHECK(entered.context());
  *device = current;
  return CUDA_SUCCESS;
}

CUresult cuCtxSynchronize() {
  ENTER;
  CHECK(entered.synchronous());
  CHECK(drainContext(current));
  return checkAllGuards("cuCtxSynchronize");
}

CUresult cuMemAlloc_v2(void **address, size_t bytes) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(address && bytes > 0, CUDA_ERROR_INVALID_VALUE);
  *address = allocate(bytes, MemoryKind::Device, current);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemFree_v2(void *address) {
  ENTER;
  CHECK(entered.synchronous());
  if (!address) {
    return CUDA_SUCCESS;
  }
  CUresult pending = drainContext(current);
  CUresult result = release(address, MemoryKind::Device);
  return pending ? pending : result;
}

CUresult cuMemGetInfo_v2(size_t *available, size_t *total) {
  ENTER;
  CHECK(entered.context());
  *total = memoryLimit();
  *available = memoryLimit() > memoryUsed() ? memoryLimit() - memoryUsed() : 0;
  return CUDA_SUCCESS;
}

CUresult cuMemAllocHost_v2(void **address, size_t bytes) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(address && bytes > 0, CUDA_ERROR_INVALID_VALUE);
  *address = allocate(bytes, MemoryKind::Pinned, current);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemFreeHost(void *address) {
  ENTER;
  CHECK(entered.synchronous());
  CUresult pending = drainContext(current);
  CUresult result = release(address, MemoryKind::Pinned);
  return pending ? pending : result;
}

CUresult cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER;
  CHECK(entered.context());
  // A copy from memory that is not pinned has read it all when the call returns.
  if (!known(from, bytes) && bytes > 0) {
    auto taken = std::make_shared<std::vector<char>>(static_cast<const char *>(from), static_cast<const char *>(from) + bytes);
    REQUIRE(known(to, bytes), CUDA_ERROR_INVALID_VALUE);
    return enqueue(stream, [=]() -> CUresult {
      std::memcpy(to, taken->data(), bytes);
      return CUDA_SUCCESS;
    });
  }
  return copy(stream, to, from, bytes, true, true);
}

CUresult cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER;
  CHECK(entered.context());
  CHECK(copy(stream, to, from, bytes, false, true));
  // A copy to memory that is not pinned is complete when the call returns.
  auto *on = static_cast<Stream *>(stream);
  return known(to, bytes) || (on && on->capture) ? CUDA_SUCCESS : drain(on);
}

CUresult cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER;
  CHECK(entered.context());
  return copy(stream, to, from, bytes, true, true);
}

CUresult cuMemcpyHtoD_v2(void *to, const void *from, size_t bytes) {
  ENTER;
  CHECK(entered.synchronous());
  return copy(nullptr, to, from, bytes, true, false);
}

CUresult cuMemcpyDtoH_v2(void *to, const void *from, size_t bytes) {
  ENTER;
  CHECK(entered.synchronous());
  return copy(nullptr, to, from, bytes, false, true);
}

CUresult cuMemcpyDtoD_v2(void *to, const void *from, size_t bytes) {
  ENTER;
  CHECK(entered.synchronous());
  return copy(nullptr, to, from, bytes, true, true);
}

CUresult cuMemsetD8Async(void *to, unsigned char value, size_t count, void *stream) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(known(to, count), CUDA_ERROR_INVALID_VALUE);
  return enqueue(stream, [=]() -> CUresult {
    std::memset(to, value, count);
    return CUDA_SUCCESS;
  });
}

CUresult cuMemsetD8_v2(void *to, unsigned char value, size_t count) { return cuMemsetD8Async(to, value, count, nullptr); }

CUresult cuStreamCreate(void **stream, unsigned flags) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(stream && flags <= 1, CUDA_ERROR_INVALID_VALUE);
  *stream = newStream(current);
  return CUDA_SUCCESS;
}

CUresult cuStreamDestroy_v2(void *stream) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  return destroyStream(static_cast<Stream *>(stream));
}

CUresult cuStreamSynchronize(void *stream) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(!stream || isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  return drain(static_cast<Stream *>(stream));
}

CUresult cuStreamQuery(void *stream) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  return step(static_cast<Stream *>(stream));
}

CUresult cuStreamWaitEvent(void *stream, void *event, unsigned) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isStream(stream) && isEvent(event), CUDA_ERROR_INVALID_HANDLE);
  return wait(static_cast<Stream *>(stream), static_cast<Event *>(event));
}

CUresult cuStreamBeginCapture_v2(void *stream, int mode) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isStream(stream) && mode >= 0 && mode <= 2, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(!static_cast<Stream *>(stream)->capture, CUDA_ERROR_INVALID_VALUE);
  return beginCapture(static_cast<Stream *>(stream), static_cast<CaptureMode>(mode));
}

CUresult cuStreamIsCapturing(void *stream, int *status) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  auto *of = static_cast<Stream *>(stream);
  *status = !of->capture ? 0 : of->captureInvalid ? 2 : 1;
  return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(void *stream, void **graph) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  Graph *captured;
  CUresult result = endCapture(static_cast<Stream *>(stream), &captured);
  *graph = captured;
  return result;
}

CUresult cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(graph && flags <= 1, CUDA_ERROR_INVALID_VALUE);
  *executable = new GraphExec{current, static_cast<Graph *>(graph)->nodes};
  return CUDA_SUCCESS;
}

CUresult cuGraphLaunch(void *executable, void *stream) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(executable && isStream(stream), CUDA_ERROR_INVALID_HANDLE);
  for (const Work &work : static_cast<GraphExec *>(executable)->nodes) {
    CHECK(enqueue(stream, work));
  }
  return CUDA_SUCCESS;
}

CUresult cuGraphGetNodes(void *graph, void **nodes, size_t *count) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(graph && count && !nodes, CUDA_ERROR_INVALID_VALUE);
  *count = static_cast<Graph *>(graph)->nodes.size();
  return CUDA_SUCCESS;
}

CUresult cuGraphDestroy(void *graph) {
  ENTER;
  CHECK(entered.driver());
  delete static_cast<Graph *>(graph);
  return CUDA_SUCCESS;
}

CUresult cuGraphExecDestroy(void *executable) {
  ENTER;
  CHECK(entered.driver());
  delete static_cast<GraphExec *>(executable);
  return CUDA_SUCCESS;
}

CUresult cuEventCreate(void **event, unsigned) {
  ENTER;
  CHECK(entered.context());
  *event = newEvent(current);
  return CUDA_SUCCESS;
}

CUresult cuEventRecord(void *event, void *stream) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isEvent(event) && (!stream || isStream(stream)), CUDA_ERROR_INVALID_HANDLE);
  return record(static_cast<Event *>(event), static_cast<Stream *>(stream));
}

CUresult cuEventQuery(void *event) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isEvent(event), CUDA_ERROR_INVALID_HANDLE);
  auto *asked = static_cast<Event *>(event);
  if (!asked->completed && asked->stream) {
    CUresult result = step(asked->stream);
    REQUIRE(!result || result == CUDA_ERROR_NOT_READY, result);
  }
  return asked->completed ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

CUresult cuEventSynchronize(void *event) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(isEvent(event), CUDA_ERROR_INVALID_HANDLE);
  return synchronize(static_cast<Event *>(event));
}

CUresult cuEventElapsedTime(float *milliseconds, void *start, void *end) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isEvent(start) && isEvent(end), CUDA_ERROR_INVALID_HANDLE);
  auto *first = static_cast<Event *>(start);
  auto *last = static_cast<Event *>(end);
  REQUIRE(first->recorded && last->recorded, CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(first->completed && last->completed, CUDA_ERROR_NOT_READY);
  *milliseconds = std::chrono::duration<float, std::milli>(last->time - first->time).count();
  return CUDA_SUCCESS;
}

CUresult cuEventDestroy_v2(void *event) {
  ENTER;
  CHECK(entered.driver());
  REQUIRE(isEvent(event), CUDA_ERROR_INVALID_HANDLE);
  destroyEvent(static_cast<Event *>(event));
  return CUDA_SUCCESS;
}

CUresult cuModuleLoadData(void **module, const void *image) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(module && image, CUDA_ERROR_INVALID_VALUE);
  Module *loaded = nullptr;
  CHECK(loadModule(image, current, &loaded));
  *module = loaded;
  return CUDA_SUCCESS;
}

CUresult cuModuleLoadDataEx(void **module, const void *image, unsigned, int *, void **) {
  return cuModuleLoadData(module, image);
}

CUresult cuModuleUnload(void *module) {
  ENTER;
  CHECK(entered.synchronous());
  REQUIRE(isModule(module), CUDA_ERROR_INVALID_HANDLE);
  drainContext(current);
  return unloadModule(static_cast<Module *>(module));
}

CUresult cuModuleGetFunction(void **function, void *module, const char *name) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isModule(module), CUDA_ERROR_INVALID_HANDLE);
  *function = findFunction(static_cast<Module *>(module), name);
  return *function ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

CUresult cuFuncGetAttribute(int *value, int which, void *function) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isFunction(function), CUDA_ERROR_INVALID_HANDLE);
  auto *of = static_cast<Function *>(function);
  switch (which) {
    case 0: *value = of->entry->maxThreads ? of->entry->maxThreads : 1024; break;  // MAX_THREADS_PER_BLOCK
    case 1: case 2: case 3: *value = 0; break;                                     // SHARED, CONST and LOCAL_SIZE_BYTES
    case 4: *value = 32; break;                                                    // NUM_REGS
    case 8: *value = of->maxDynamicShared; break;                                  // MAX_DYNAMIC_SHARED_SIZE_BYTES
    default: return CUDA_ERROR_INVALID_VALUE;
  }
  return CUDA_SUCCESS;
}

CUresult cuFuncSetAttribute(void *function, int which, int value) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isFunction(function), CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(which == 8 && value >= 0 && value <= attribute(97), CUDA_ERROR_INVALID_VALUE);
  static_cast<Function *>(function)->maxDynamicShared = value;
  return CUDA_SUCCESS;
}

CUresult cuLaunchKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                        unsigned blockZ, unsigned sharedBytes, void *stream, void **parameters, void **extra) {
  ENTER;
  CHECK(entered.context());
  REQUIRE(isFunction(function) && (!stream || isStream(stream)), CUDA_ERROR_INVALID_HANDLE);
  auto launch = std::make_shared<Launch>();
  launch->function = static_cast<Function *>(function);
  launch->grid = {gridX, gridY, gridZ};
  launch->block = {blockX, blockY, blockZ};
  launch->dynamicShared = sharedBytes;
  REQUIRE(moduleContext(launch->function->module) == current, CUDA_ERROR_INVALID_CONTEXT);
  CHECK(checkLaunch(*launch));
  CHECK(pack(launch->function->entry, parameters, extra, launch->arguments));
  return enqueue(stream, [launch] { return runLaunch(*launch); });
}

// Resources that contexts held when their last user left, since the library was loaded.
int softwareLeaks() { return leaks; }

// Handles of cuBLAS and cuSOLVER that are live now.
int softwareHandles() {
  std::lock_guard<std::recursive_mutex> guard(deviceLock());
  return libraryHandles();
}

// Allocations that are live now.
int softwareAllocations() {
  std::lock_guard<std::recursive_mutex> guard(deviceLock());
  return liveAllocations();
}

}  // extern "C"
