// Primary contexts, one per device.
#pragma once

#include "result.h"

namespace software {

constexpr int maxDevices = 4;

// The calling thread's context, as the number of its device; -1 if none is current.
int currentContext();

// An error of running work stays with its context until the context is gone.
CUresult stickyError(int context);
void setStickyError(int context, CUresult result);

}  // namespace software
