// Fibers: stacks that one thread switches between without asking the operating system. x86-64 with the System V ABI.
#pragma once

#include <cstddef>

namespace software {

struct Fiber {
  void *stackPointer;
  char *stack;
};

// A fiber that will run `body`, which must never return.
Fiber *newFiber(void (*body)());

// Leaves the running context, whose stack pointer goes to `*from`, for another one.
extern "C" void softwareSwitch(void **from, void *to);

}  // namespace software
