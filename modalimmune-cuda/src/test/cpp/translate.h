// From preprocessed CUDA C++ to C++ that runs on the software device.
#pragma once

#include <string>

namespace software {

// The whole source to compile: the emulation, the kernels, and a table of their entries. Throws std::runtime_error.
std::string translate(const std::string &preprocessed, int capability);

}  // namespace software
