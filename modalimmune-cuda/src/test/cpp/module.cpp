#include "module.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "block.h"
#include "memory.h"
#include "races.h"
#include "software.h"

namespace software {

constexpr int defaultDynamicShared = 48 << 10;

constexpr unsigned mostGridYz = 65535;

struct Module {
  int context;
  // Open as long as the library: the loader knows libraries by their path, which holds the file's number.
  int file;
  void *library;
  const Image *image;
  std::vector<std::pair<uintptr_t, uintptr_t>> ranges;
  std::map<std::string, std::unique_ptr<Function>> functions;
};

namespace {

std::set<Module *> &modules() {
  static std::set<Module *> all;
  return all;
}

uint64_t launches = 0;

// The section headers end an image.
size_t imageBytes(const void *image) {
  auto *header = static_cast<const Elf64_Ehdr *>(image);
  if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64) {
    return 0;
  }
  return header->e_shoff + size_t(header->e_shnum) * header->e_shentsize;
}

void *openImage(const void *image, size_t bytes, int &file) {
  file = memfd_create("kernels", MFD_CLOEXEC);
  if (file < 0) {
    return nullptr;
  }
  auto *next = static_cast<const char *>(image);
  for (size_t left = bytes; left > 0;) {
    ssize_t written = write(file, next, left);
    if (written <= 0) {
      return nullptr;
    }
    next += written;
    left -= static_cast<size_t>(written);
  }
  std::string path = "/proc/self/fd/" + std::to_string(file);
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    failed(CUDA_ERROR_INVALID_IMAGE, std::string("load: ") + dlerror());
  }
  return library;
}

void closeImage(void *library, int file) {
  if (library) {
    dlclose(library);
  }
  if (file >= 0) {
    close(file);
  }
}

std::vector<std::pair<uintptr_t, uintptr_t>> loadedRanges(void *library) {
  link_map *map = nullptr;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) {
    return {};
  }
  struct Search {
    uintptr_t base;
    std::vector<std::pair<uintptr_t, uintptr_t>> ranges;
  } search{map->l_addr, {}};
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *data) {
        auto *wanted = static_cast<Search *>(data);
        if (info->dlpi_addr == wanted->base) {
          for (int i = 0; i < info->dlpi_phnum; i++) {
            const auto &segment = info->dlpi_phdr[i];
            if (segment.p_type == PT_LOAD) {
              uintptr_t start = info->dlpi_addr + segment.p_vaddr;
              wanted->ranges.emplace_back(start, start + segment.p_memsz);
            }
          }
        }
        return 0;
      },
      &search);
  return search.ranges;
}

// Pointers given to a kernel lie in memory that is still there.
CUresult checkPointers(const Launch &launch) {
  const Entry *entry = launch.function->entry;
  for (int i = 0; i < entry->count; i++) {
    const Parameter &parameter = entry->parameters[i];
    if (parameter.pointer) {
      void *address;
      std::memcpy(&address, launch.arguments.data() + parameter.offset, sizeof address);
      if (address && !known(address, 0)) {
        return failed(CUDA_ERROR_ILLEGAL_ADDRESS, std::string(entry->name) + ": argument " + std::to_string(i) +
                                                      " points outside all allocations; used after it was freed?");
      }
    }
  }
  return CUDA_SUCCESS;
}

// Every word that could be an address, in structures too.
CUresult checkTouched(const Launch &launch) {
  for (size_t i = 0; i + sizeof(void *) <= launch.arguments.size(); i += sizeof(void *)) {
    void *address;
    std::memcpy(&address, launch.arguments.data() + i, sizeof address);
    if (CUresult result = checkGuards(address, launch.function->entry->name)) {
      return result;
    }
  }
  return CUDA_SUCCESS;
}

}  // namespace

CUresult loadModule(const void *bytes, int context, Module **result) {
  size_t count = imageBytes(bytes);
  int file = -1;
  void *library = count ? openImage(bytes, count, file) : nullptr;
  auto *describe = library ? reinterpret_cast<const Image *(*)()>(dlsym(library, "softwareImage")) : nullptr;
  if (!describe) {
    closeImage(library, file);
    return CUDA_ERROR_INVALID_IMAGE;
  }
  const Image *image = describe();
  if (image->version != imageVersion || image->capability > setting("capability", 75)) {
    closeImage(library, file);
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  }
  *image->runtime = runtime();
  *result = new Module{context, file, library, image, loadedRanges(library), {}};
  modules().insert(*result);
  return CUDA_SUCCESS;
}

CUresult unloadModule(Module *module) {
  modules().erase(module);
  closeImage(module->library, module->file);
  delete module;
  return CUDA_SUCCESS;
}

bool isModule(const void *handle) { return modules().count(static_cast<Module *>(const_cast<void *>(handle))) != 0; }

bool isFunction(const void *handle) {
  for (Module *module : modules()) {
    for (auto &[name, function] : module->functions) {
      if (function.get() == handle) {
        return true;
      }
    }
  }
  return false;
}

Function *findFunction(Module *module, const char *name) {
  auto found = module->functions.find(name);
  if (found != module->functions.end()) {
    return found->second.get();
  }
  for (int i = 0; i < module->image->count; i++) {
    const Entry *entry = &module->image->entries[i];
    if (std::strcmp(entry->name, name) == 0) {
      auto &made = module->functions[name];
      made.reset(new Function{entry, module, defaultDynamicShared});
      return made.get();
    }
  }
  return nullptr;
}

int moduleContext(const Module *module) { return module->context; }

CUresult checkLaunch(const Launch &launch) {
  Index g = launch.grid;
  Index b = launch.block;
  const Entry *entry = launch.function->entry;
  if (g.x == 0 || g.y == 0 || g.z == 0 || g.x > 0x7fffffffu || g.y > mostGridYz || g.z > mostGridYz || b.x == 0 || b.y == 0 ||
      b.z == 0 || b.x > maxBlockThreads || b.y > maxBlockThreads || b.z > 64) {
    return failed(CUDA_ERROR_INVALID_VALUE, std::string(entry->name) + ": a size of the grid or block is out of range");
  }
  uint64_t threads = uint64_t(b.x) * b.y * b.z;
  if (threads > maxBlockThreads) {
    return failed(CUDA_ERROR_INVALID_VALUE, std::string(entry->name) + ": more than 1024 threads in a block");
  }
  if (entry->maxThreads && threads > static_cast<uint64_t>(entry->maxThreads)) {
    return failed(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES,
                  std::string(entry->name) + ": " + std::to_string(threads) + " threads, launch bounds allow " +
                      std::to_string(entry->maxThreads));
  }
  if (launch.dynamicShared > static_cast<size_t>(launch.function->maxDynamicShared)) {
    return failed(CUDA_ERROR_INVALID_VALUE, std::string(entry->name) + ": " + std::to_string(launch.dynamicShared) +
                                                " bytes of dynamic shared memory, allowed are " +
                                                std::to_string(launch.function->maxDynamicShared));
  }
  return CUDA_SUCCESS;
}

CUresult runLaunch(const Launch &launch) {
  if (CUresult result = checkPointers(launch)) {
    return result;
  }
  Random random{seed() ^ (++launches * 0x9E3779B97F4A7C15ull)};
  uint64_t blocks = uint64_t(launch.grid.x) * launch.grid.y * launch.grid.z;
  RandomOrder order(blocks, random);
  races().beginLaunch(launch.function->module->ranges);
  BlockLaunch block{launch.function->module->image,
                    launch.function->entry,
                    launch.arguments.data(),
                    {{0, 0, 0}, launch.block, launch.grid},
                    launch.dynamicShared};
  for (uint64_t i = 0; i < blocks; i++) {
    uint64_t at = order[i];
    block.position.block = {static_cast<unsigned>(at % launch.grid.x), static_cast<unsigned>(at / launch.grid.x % launch.grid.y),
                            static_cast<unsigned>(at / launch.grid.x / launch.grid.y)};
    std::string wrong = runBlock(block, random);
    if (!wrong.empty()) {
      return failed(CUDA_ERROR_LAUNCH_FAILED, wrong);
    }
  }
  return checkTouched(launch);
}

int unloadAll(int context) {
  int count = 0;
  for (Module *module : std::set<Module *>(modules())) {
    if (module->context == context) {
      unloadModule(module);
      count++;
    }
  }
  return count;
}

}  // namespace software
