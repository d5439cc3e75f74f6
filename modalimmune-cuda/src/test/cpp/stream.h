// Streams, events and graphs. Work runs as late as CUDA allows: when something waits for it.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "software.h"

namespace software {

struct Graph {
  std::vector<Work> nodes;
};

enum class CaptureMode { Global = 0, ThreadLocal = 1, Relaxed = 2 };

struct Stream {
  int context;
  std::deque<Work> pending;
  std::unique_ptr<Graph> capture;
  CaptureMode mode = CaptureMode::Global;
  bool captureInvalid = false;
  const void *capturer = nullptr;
};

struct Event {
  int context;
  bool recorded = false;
  bool completed = true;
  Stream *stream = nullptr;
  std::chrono::steady_clock::time_point time{};
};

// Handles that are live; anything else is refused.
bool isStream(const void *handle);
bool isEvent(const void *handle);

Stream *newStream(int context);
Event *newEvent(int context);
CUresult destroyStream(Stream *stream);
void destroyEvent(Event *event);

// Runs all that is pending on a stream; null means the default stream, which waits for all others.
CUresult drain(Stream *stream);
CUresult drainContext(int context);

// Runs one piece; CUDA_ERROR_NOT_READY if more is pending after it.
CUresult step(Stream *stream);

CUresult record(Event *event, Stream *stream);
CUresult wait(Stream *stream, Event *event);
CUresult synchronize(Event *event);

CUresult beginCapture(Stream *stream, CaptureMode mode);
CUresult endCapture(Stream *stream, Graph **graph);

// The error for a call that may not be made while a stream captures; the capture is spoilt by it.
CUresult refusedWhileCapturing(int context);

int liveStreams(int context);
int liveEvents(int context);
int destroyAll(int context);

}  // namespace software
