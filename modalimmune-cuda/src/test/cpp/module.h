// Images of kernels: loading, finding entries, launching.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel_image.h"
#include "result.h"

namespace software {

struct Module;

struct Function {
  const Entry *entry;
  Module *module;
  int maxDynamicShared;
};

CUresult loadModule(const void *image, int context, Module **module);
CUresult unloadModule(Module *module);
bool isModule(const void *handle);
bool isFunction(const void *handle);
Function *findFunction(Module *module, const char *name);
int moduleContext(const Module *module);

struct Launch {
  Function *function;
  Index grid, block;
  size_t dynamicShared;
  std::vector<char> arguments;
};

// What is wrong with a launch before it runs; CUDA_SUCCESS if nothing.
CUresult checkLaunch(const Launch &launch);
CUresult runLaunch(const Launch &launch);

int unloadAll(int context);

}  // namespace software
