#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

#ifndef __x86_64__
#error "the software CUDA device switches fibers in x86-64 assembly"
#endif

// Saves what the ABI says a callee keeps, and returns on the other stack.
__asm__(R"(
.text
.globl softwareSwitch
.type softwareSwitch, @function
softwareSwitch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size softwareSwitch, .-softwareSwitch
)");

namespace software {
namespace {

constexpr size_t stackBytes = 256 << 10;
constexpr size_t guardPage = 4096;
constexpr int savedRegisters = 6;

}  // namespace

Fiber *newFiber(void (*body)()) {
  void *memory = mmap(nullptr, stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, guardPage, PROT_NONE) != 0) {
    std::abort();
  }
  auto *stack = static_cast<char *>(memory);
  // On entry to a function the stack pointer is 8 below a multiple of 16, as if a call had pushed a return address.
  auto *top = reinterpret_cast<uintptr_t *>(stack + stackBytes) - 1;
  *top = 0;
  *--top = reinterpret_cast<uintptr_t>(body);
  for (int i = 0; i < savedRegisters; i++) {
    *--top = 0;
  }
  return new Fiber{top, stack};
}

}  // namespace software
